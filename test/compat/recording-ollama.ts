/** An Ollama of one model that keeps every body it gets and answers at once. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface RecordingOllama {
	readonly url: string;
	readonly model: string;
	/** Takes out what has come since the last call. */
	taken(): Buffer[];
	stop(): Promise<void>;
}

const MODEL = "recorder:1b";
const DETAILS = { family: "llama", parameter_size: "1B", quantization_level: "Q4_K_M" };
const ENTRY = {
	name: MODEL,
	model: MODEL,
	modified_at: "2026-01-01T00:00:00Z",
	size: 1_000_000,
	digest: "b".repeat(64),
	details: DETAILS,
	capabilities: ["completion"],
};
const FACTS: Readonly<Record<string, unknown>> = {
	"/api/version": { version: "0.32.15" },
	"/api/tags": { models: [ENTRY] },
	"/api/ps": { models: [{ ...ENTRY, size_vram: 1_000_000, context_length: 4_000_000, expires_at: "2318-01-01T00:00:00Z" }] },
	"/api/show": { capabilities: ENTRY.capabilities, details: DETAILS, model_info: {} },
};
const ANSWER = JSON.stringify({
	model: MODEL,
	message: { role: "assistant", content: "Yes." },
	done: true,
	done_reason: "stop",
	eval_count: 2,
});

export async function startRecordingOllama(): Promise<RecordingOllama> {
	let bodies: Buffer[] = [];
	const server = createServer((request, response) => void answer(request, response, (body) => bodies.push(body)));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
		model: MODEL,
		taken() {
			const come = bodies;
			bodies = [];
			return come;
		},
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function answer(request: IncomingMessage, response: ServerResponse, keep: (body: Buffer) => void): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const facts = FACTS[request.url ?? ""];
	if (!facts) keep(Buffer.concat(chunks));
	const text = facts ? JSON.stringify(facts) : ANSWER;
	response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) }).end(text);
}
