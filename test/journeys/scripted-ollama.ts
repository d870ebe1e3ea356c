/** An Ollama whose every inference answer is written by the test, byte for byte and in its own time. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { until } from "./until.ts";

/** One request that arrived; its answer is the test's to write. */
export interface Arrived {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
	readonly response: ServerResponse;
	readonly socket: Socket;
}

export interface ScriptedOllama {
	readonly url: string;
	/** The next request for an answer that nobody has taken yet. */
	next(): Promise<Arrived>;
	/** Requests that nobody has taken yet. */
	readonly untaken: number;
	/** Cuts those off, so that no test finds another's. */
	dropUntaken(): void;
	stop(): Promise<void>;
}

/** It has one model, in memory unless `cold`. */
export async function startScriptedOllama(model: string, { cold = false } = {}): Promise<ScriptedOllama> {
	const arrived: Arrived[] = [];
	const facts = factsOf(model, cold);
	const server = createServer((request, response) => {
		const known = facts[request.url ?? ""];
		if (known) response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(known));
		else void take(request, response, arrived);
	});
	server.keepAliveTimeout = 0;
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
		get untaken() {
			return arrived.length;
		},
		dropUntaken() {
			for (const { response } of arrived.splice(0)) response.destroy();
		},
		next: () => until("a request reaches Ollama", () => arrived.shift()),
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function take(request: IncomingMessage, response: ServerResponse, arrived: Arrived[]): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	arrived.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks), response, socket: request.socket });
}

function factsOf(name: string, cold: boolean): Record<string, unknown> {
	const entry = {
		name,
		model: name,
		modified_at: "2026-01-01T00:00:00Z",
		size: 1_000_000,
		digest: "a".repeat(64),
		details: { family: "llama" },
	};
	return {
		"/api/version": { version: "0.32.15" },
		"/api/tags": { models: [{ ...entry, capabilities: ["completion"] }] },
		"/api/ps": { models: cold ? [] : [{ ...entry, size_vram: 1_000_000, context_length: 4096, expires_at: "2318-01-01T00:00:00Z" }] },
		"/api/show": { capabilities: ["completion"], details: entry.details, model_info: {} },
	};
}
