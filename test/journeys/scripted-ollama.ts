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
	/** From now on it lists this model too. */
	install(name: string): void;
	/** Cuts those off, so that no test finds another's. */
	dropUntaken(): void;
	stop(): Promise<void>;
}

const DETAILS = { family: "llama" };

/** It has one model, in memory unless `cold`. */
export async function startScriptedOllama(model: string, { cold = false } = {}): Promise<ScriptedOllama> {
	const arrived: Arrived[] = [];
	const names = [model];
	const server = createServer((request, response) => {
		const known = factsOf(names, cold)[request.url ?? ""];
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
		install: (name) => void names.push(name),
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

/** The first is in memory, unless none is. */
function factsOf(names: readonly string[], cold: boolean): Record<string, unknown> {
	const entries = names.map(entryOf);
	const loaded = cold ? [] : entries.slice(0, 1);
	return {
		"/api/version": { version: "0.32.15" },
		"/api/tags": { models: entries.map((entry) => ({ ...entry, capabilities: ["completion"] })) },
		"/api/ps": {
			models: loaded.map((entry) => ({ ...entry, size_vram: 1_000_000, context_length: 4096, expires_at: "2318-01-01T00:00:00Z" })),
		},
		"/api/show": { capabilities: ["completion"], details: DETAILS, model_info: {} },
	};
}

function entryOf(name: string) {
	const modified = { modified_at: "2026-01-01T00:00:00Z", size: 1_000_000, digest: "a".repeat(64) };
	return { name, model: name, ...modified, details: DETAILS };
}
