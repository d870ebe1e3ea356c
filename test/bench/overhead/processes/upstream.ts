/** A stand-in for Ollama that costs next to nothing: chunks come at the pace which the request asks for. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { sharedNowMs } from "../clock.ts";
import { tellReady } from "../messages.ts";
import { BEHIND_DOOR, DOORLESS, type Machine } from "../upstream-model.ts";

const VERSION = "0.24.0";
const MODEL_BYTES = 2e9;
/** As Ollama, which closes no idle connection of its own accord. */
const IDLE_CONNECTION_MS = 600_000;

const ChatSchema = z.object({ model: z.string(), options: z.object({ num_predict: z.number(), pace_ms: z.number() }) });

function serve(machine: Machine, request: IncomingMessage, response: ServerResponse): void {
	const { url = "" } = request;
	if (url === "/api/chat") void chat(request, response);
	else if (url in ANSWERS) json(response, ANSWERS[url]?.(machine));
	else json(response.writeHead(404), { error: `${url} is not served here` });
}

const ANSWERS: Record<string, (machine: Machine) => object> = {
	"/api/version": () => ({ version: VERSION }),
	"/api/tags": ({ model }) => ({ models: [{ ...entryOf(model), capabilities: ["completion"] }] }),
	"/api/ps": ({ model }) => ({
		models: [{ ...entryOf(model), size_vram: MODEL_BYTES, expires_at: "2099-01-01T00:00:00Z", context_length: 4096 }],
	}),
	/** The one without a door answers for it. */
	"/door/health": ({ nodeId }) => ({ node_id: nodeId, in_flight: [] }),
};

function entryOf(model: string) {
	return {
		name: model,
		model,
		size: MODEL_BYTES,
		digest: model,
		details: { family: "llama", parameter_size: "3B", quantization_level: "Q4_K_M" },
	};
}

function json(response: ServerResponse, body: unknown): void {
	response.setHeader("content-type", "application/json; charset=utf-8");
	response.end(JSON.stringify(body));
}

async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { model, options } = ChatSchema.parse(JSON.parse(await text(request)));
	response.writeHead(200, { "content-type": "application/x-ndjson" });
	const begunAt = sharedNowMs();
	let sent = 0;
	const next = () => {
		if (response.destroyed) return;
		// After a late timer several are due: a model does not slow down because its sender was late
		while (sent < options.num_predict && sharedNowMs() >= begunAt + sent * options.pace_ms) {
			response.write(chunk(model));
			sent++;
		}
		if (sent < options.num_predict) setTimeout(next, Math.max(1, begunAt + sent * options.pace_ms - sharedNowMs()));
		else response.end(lastChunk(model, sent, sharedNowMs() - begunAt));
	};
	next();
}

/** `sent_ms` is ours: the clock which all processes of this machine share. */
function chunk(model: string): string {
	return `{"model":"${model}","created_at":"${new Date().toISOString()}","message":{"role":"assistant","content":" word"},"done":false,"sent_ms":${sharedNowMs()}}\n`;
}

function lastChunk(model: string, count: number, tookMs: number): string {
	const tookNs = Math.round(tookMs * 1e6);
	const counters = {
		total_duration: tookNs,
		load_duration: 0,
		prompt_eval_count: 10,
		prompt_eval_duration: 1e6,
		eval_count: count,
		eval_duration: tookNs,
	};
	return `${JSON.stringify({ model, created_at: new Date(), message: { role: "assistant", content: "" }, done: true, done_reason: "stop", ...counters })}\n`;
}

async function open(machine: Machine): Promise<number> {
	const server = createServer({ noDelay: true }, (request, response) => serve(machine, request, response));
	server.keepAliveTimeout = IDLE_CONNECTION_MS;
	await new Promise<void>((resolve) => {
		server.listen(0, "127.0.0.1", resolve);
	});
	const address = server.address();
	return typeof address === "object" && address ? address.port : 0;
}

process.once("disconnect", () => process.exit(0));
tellReady({ port: await open(BEHIND_DOOR), doorlessPort: await open(DOORLESS) });
