/** An Ollama that answers every inference request with a recording, to the byte; what it lists is what the recordings ask for. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type Recording, requestBody } from "./recording.ts";

export interface ReplayingOllama {
	readonly url: string;
	/** The recording that the next request gets. */
	play(recording: Recording): void;
	stop(): Promise<void>;
}

export async function startReplayingOllama(version: string, models: readonly string[]): Promise<ReplayingOllama> {
	let current: Recording | undefined;
	const entries = models.map((name) => ({
		name,
		model: name,
		size: 1000,
		digest: "a".repeat(64),
		capabilities: ["completion", "vision", "tools"],
	}));
	const facts: Record<string, unknown> = { "/api/version": { version }, "/api/tags": { models: entries }, "/api/ps": { models: [] } };
	const server = createServer((request, response) => {
		const fact = request.method === "GET" ? facts[request.url ?? ""] : undefined;
		if (fact) return void response.end(JSON.stringify(fact));
		request.resume();
		request.on("end", () => (current ? answer(current, response) : response.destroy()));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
		play(recording) {
			current = recording;
		},
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function answer({ response: recorded }: Recording, response: ServerResponse): void {
	response.sendDate = false;
	const framing = /^(?:transfer-encoding|connection)$/i;
	response.writeHead(recorded.status, recorded.statusText, recorded.headers.filter(([name]) => !framing.test(name)).flat());
	for (const { text } of recorded.chunks) response.write(text);
	if (recorded.end === "clean") response.end();
	else response.destroy();
}

/** The model a request names; undefined for one that names none. */
export function modelOf(recording: Recording): string | undefined {
	try {
		const body: unknown = JSON.parse(requestBody(recording).toString());
		const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
		return typeof model === "string" && model !== "" ? model : undefined;
	} catch {
		return undefined;
	}
}
