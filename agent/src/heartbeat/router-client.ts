import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";

/** A reply is a few hundred bytes; whatever sends more is no router. */
const MAX_REPLY_CHARACTERS = 65_536;

export interface RouterAnswer {
	status: number;
	text: string;
}

export interface Post {
	headers: Record<string, string>;
	/** The whole exchange must be over by then. */
	limitMs: number;
	/** Gives up at once. */
	signal?: AbortSignal;
	/** Written once the socket is connected: only then is it known which of this machine's addresses faces the router. */
	body: (localAddress: string | undefined) => string;
}

/** One connection to the router's `/heartbeat`, kept open between the beats. */
export class RouterClient {
	#url: URL;
	#agent: http.Agent;

	constructor(routerUrl: string) {
		this.#url = new URL("heartbeat", routerUrl.endsWith("/") ? routerUrl : `${routerUrl}/`);
		this.#agent = this.#url.protocol === "https:" ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
	}

	/** Rejects when no answer came. */
	async post(post: Post): Promise<RouterAnswer> {
		try {
			return await this.#send(post);
		} catch (error) {
			// The router may close an idle connection at the moment of the beat: a new one decides.
			if (error instanceof StaleConnection) return this.#send(post);
			throw error;
		}
	}

	close(): void {
		this.#agent.destroy();
	}

	#send({ headers, limitMs, body, signal }: Post): Promise<RouterAnswer> {
		const { request: open } = this.#url.protocol === "https:" ? https : http;
		return new Promise((resolve, reject) => {
			const request = open(this.#url, {
				agent: this.#agent,
				method: "POST",
				headers: { ...headers, "content-type": "application/json" },
				signal: AbortSignal.any([AbortSignal.timeout(limitMs), ...(signal === undefined ? [] : [signal])]),
			});
			request.on("socket", (socket) => whenConnected(socket, () => sendBody(request, body(socket.localAddress))));
			request.on("response", (response) => collect(response).then(resolve, reject));
			request.on("error", (error) => reject(request.reusedSocket && !isTimeout(error) ? new StaleConnection() : error));
		});
	}
}

class StaleConnection extends Error {}

function isTimeout(error: Error): boolean {
	return error.name === "AbortError" || error.name === "TimeoutError";
}

function whenConnected(socket: Socket, then: () => void): void {
	if (socket.connecting) socket.once("connect", then);
	else then();
}

function sendBody(request: http.ClientRequest, body: string): void {
	request.setHeader("content-length", Buffer.byteLength(body));
	request.end(body);
}

async function collect(response: http.IncomingMessage): Promise<RouterAnswer> {
	let text = "";
	for await (const chunk of response.setEncoding("utf8")) {
		text += String(chunk);
		if (text.length > MAX_REPLY_CHARACTERS) break;
	}
	return { status: response.statusCode ?? 0, text };
}
