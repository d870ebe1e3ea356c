/** `/v1/messages`. */
import type { ToolCall } from "../inference/answer.ts";
import { ask, type Outcome } from "../inference/ask.ts";
import { gather } from "../inference/gather.ts";
import type { InferenceEvent, Metrics } from "../inference/inference.ts";
import { randomText } from "../machine/random.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { decodeGoJson, GoSyntaxError } from "../wire/go-decode.ts";
import { goJson } from "../wire/go-json.ts";
import { fillStruct } from "../wire/go-struct.ts";
import { guessInputTokens, MESSAGES_REQUEST, messagesAsk } from "./anthropic-ask.ts";
import { flag } from "./fields.ts";
import { EVENT_STREAM, inflatedBody, sendObject } from "./openai-wire.ts";
import { JSON_PLAIN, JSON_UTF8, type Route } from "./route.ts";

type Running = Extract<Outcome, { kind: "started" }>;

const ERROR_TYPES: Readonly<Record<number, string>> = {
	400: "invalid_request_error",
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	429: "rate_limit_error",
	503: "overloaded_error",
	529: "overloaded_error",
};
const HEX = "0123456789abcdef";

async function handle(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const bytes = await inflatedBody(exchange);
	if (!bytes) return;
	try {
		const body = fillStruct(decodeGoJson(bytes.toString()), MESSAGES_REQUEST);
		const wanted = messagesAsk(body, node.store);
		const stream = flag(body, "stream") ?? false;
		if (stream) exchange.always(["Cache-Control", "no-cache"], ["Connection", "keep-alive"]);
		const outcome = await ask(node, wanted, exchange);
		if (outcome.kind === "refused") return sendError(node, exchange, { ...outcome, late: true });
		if (outcome.kind !== "started") return exchange.drop();
		if (stream) await sendStream(node, exchange, outcome, { model: wanted.model, guess: guessInputTokens(body) });
		else await sendWhole(node, exchange, outcome, wanted.model);
	} catch (error) {
		if (!(error instanceof GoSyntaxError)) throw error;
		sendError(node, exchange, { status: 400, text: error.message, late: false });
	}
}

function sendError(node: SimulatedNode, exchange: Exchange, { status, text, late }: { status: number; text: string; late: boolean }): void {
	const error = { type: ERROR_TYPES[status] ?? "api_error", message: text };
	const body = goJson({ type: "error", error, request_id: longId(node, "req") });
	exchange.send(late ? { status, type: JSON_PLAIN, body: `${body}\n` } : { status, type: JSON_UTF8, body });
}

function longId(node: SimulatedNode, prefix: string): string {
	return `${prefix}_${randomText(node.random, HEX, 24)}`;
}

async function sendWhole(node: SimulatedNode, exchange: Exchange, { events }: Running, model: string): Promise<void> {
	const said = await gather(events);
	if (said.error !== undefined) return sendError(node, exchange, { status: 500, text: said.error, late: true });
	if (!said.done && exchange.signal.aborted) return exchange.drop();
	const content = [
		...(said.thinking === "" ? [] : [{ type: "thinking", thinking: said.thinking }]),
		...(said.content === "" ? [] : [{ type: "text", text: said.content }]),
		...said.calls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: call.arguments })),
	];
	const stop_reason = stopReason(said.done?.reason, said.calls.length > 0);
	sendObject(exchange, {
		id: longId(node, "msg"),
		type: "message",
		role: "assistant",
		model,
		content,
		stop_reason,
		usage: usage(said.done?.metrics),
	});
}

async function sendStream(
	node: SimulatedNode,
	exchange: Exchange,
	{ events }: Running,
	{ model, guess }: { model: string; guess: number },
): Promise<void> {
	exchange.open(EVENT_STREAM);
	const blocks = new Blocks();
	const send = async (event: SseEvent) => exchange.write(`event: ${event.type}\ndata: ${goJson(event)}\n\n`);
	const message = {
		id: longId(node, "msg"),
		type: "message",
		role: "assistant",
		model,
		content: [],
		usage: { input_tokens: guess, output_tokens: 0 },
	};
	await send({ type: "message_start", message });
	for await (const event of events) {
		for (const out of blocks.take(event)) await send(out);
		if (event.kind !== "done") continue;
		await send({ type: "message_delta", delta: { stop_reason: stopReason(event.reason, blocks.called) }, usage: usage(event.metrics) });
		await send({ type: "message_stop" });
	}
	exchange.end();
}

interface SseEvent {
	type: string;
	[key: string]: unknown;
}

/** Content blocks open and close as the kind of what is said changes. */
class Blocks {
	#open: "text" | "thinking" | undefined;
	#index = 0;
	called = false;

	*take(event: InferenceEvent): Generator<SseEvent> {
		if (event.kind === "done") yield* this.#close();
		if (event.kind !== "piece") return;
		const { piece } = event;
		if (piece.kind === "content") yield* this.#say("text", { type: "text_delta", text: piece.text });
		if (piece.kind === "thinking") yield* this.#say("thinking", { type: "thinking_delta", thinking: piece.text });
		if (piece.kind === "tool-call") yield* this.#call(piece.call);
	}

	*#say(kind: "text" | "thinking", delta: Record<string, unknown>): Generator<SseEvent> {
		if (this.#open !== kind) {
			yield* this.#close();
			this.#open = kind;
			yield { type: "content_block_start", index: this.#index, content_block: { type: kind, [kind]: "" } };
		}
		yield { type: "content_block_delta", index: this.#index, delta };
	}

	*#call({ id, name, arguments: input }: ToolCall): Generator<SseEvent> {
		yield* this.#close();
		this.called = true;
		const index = this.#index++;
		yield { type: "content_block_start", index, content_block: { type: "tool_use", id, name, input: {} } };
		yield { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: goJson(input) } };
		yield { type: "content_block_stop", index };
	}

	*#close(): Generator<SseEvent> {
		if (this.#open === undefined) return;
		this.#open = undefined;
		yield { type: "content_block_stop", index: this.#index++ };
	}
}

/** A stop sequence counts as the end of the turn. */
function stopReason(reason: string | undefined, called: boolean): string | undefined {
	if (reason === "length") return "max_tokens";
	return reason === "stop" && called ? "tool_use" : "end_turn";
}

function usage(metrics: Metrics | undefined) {
	return { input_tokens: metrics?.promptTokens ?? 0, output_tokens: metrics?.evalTokens ?? 0 };
}

export const anthropicRoutes: Route[] = [{ method: "POST", path: "/v1/messages", handle }];
