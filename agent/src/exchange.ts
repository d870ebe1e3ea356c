/**
 * One whole HTTP exchange. Node's own `fetch` would do, but its engine alone takes 16 MB of memory, a fifth of what this
 * program needs (docs/decisions/0019).
 */
import http from "node:http";
import https from "node:https";

/** Answers to questions, never of models: lists of hundreds of models fit many times over. */
const MAX_CHARACTERS = 32 * 1024 ** 2;
const OPTIONS = { keepAlive: true, noDelay: true };
const AGENTS = { http: new http.Agent(OPTIONS), https: new https.Agent(OPTIONS) };

export interface Question {
	method?: "GET" | "POST";
	headers?: Record<string, string>;
	body?: string;
	/** Ends the exchange, however far it has come. */
	signal: AbortSignal;
}

export interface Exchanged {
	status: number;
	headers: http.IncomingHttpHeaders;
	text: string;
}

/** Rejects with Node's own error when no whole answer came. Redirections are not followed. */
export function exchange(url: URL | string, { method = "GET", headers = {}, body, signal }: Question): Promise<Exchanged> {
	const isSecure = new URL(url).protocol === "https:";
	const { request: open } = isSecure ? https : http;
	return new Promise((resolve, reject) => {
		const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
		const request = open(url, { agent: isSecure ? AGENTS.https : AGENTS.http, method, headers: { ...headers, ...length }, signal });
		request.on("response", (response) => collect(response).then(resolve, reject));
		request.on("error", reject);
		request.end(body);
	});
}

async function collect(response: http.IncomingMessage): Promise<Exchanged> {
	let text = "";
	for await (const chunk of response.setEncoding("utf8")) {
		text += String(chunk);
		if (text.length > MAX_CHARACTERS) throw new Error("The answer is too long");
	}
	return { status: response.statusCode ?? 0, headers: response.headers, text };
}
