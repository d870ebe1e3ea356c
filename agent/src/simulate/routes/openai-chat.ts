/** `/v1/chat/completions`. */
import type { ToolCall } from "../inference/answer.ts";
import { ask, type Outcome } from "../inference/ask.ts";
import { gather } from "../inference/gather.ts";
import type { InferenceEvent } from "../inference/inference.ts";
import { logprobsOf } from "../inference/logprobs.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson } from "../wire/go-json.ts";
import { flag, record, type Body } from "./fields.ts";
import { CHAT_COMPLETION_REQUEST, chatCompletionAsk } from "./openai-ask.ts";
import { DONE, EVENT_STREAM, frame, readOpenaiBody, seconds, sendLateError, sendObject, smallId, usage } from "./openai-wire.ts";
import type { Route } from "./route.ts";

interface Form {
	model: string;
	stream: boolean;
	includeUsage: boolean;
	logprobs: number | undefined;
}

type Running = Extract<Outcome, { kind: "started" }>;
type Piece = Extract<InferenceEvent, { kind: "piece" }>;

async function handle(node: SimulatedNode, exchange: Exchange): Promise<void> {
	await readOpenaiBody(exchange, CHAT_COMPLETION_REQUEST, async (body) => {
		const wanted = chatCompletionAsk(body, node.rules);
		const outcome = await ask(node, wanted, exchange);
		const form = { ...formOf(body), model: wanted.model, logprobs: wanted.logprobs ? (wanted.topLogprobs ?? 0) : undefined };
		if (outcome.kind === "refused") return sendLateError(exchange, outcome.status, outcome.text);
		if (outcome.kind !== "started") return exchange.drop();
		await (form.stream ? stream(node, exchange, outcome, form) : whole(node, exchange, outcome, form));
	});
}

export function formOf(body: Body): { stream: boolean; includeUsage: boolean } {
	return { stream: flag(body, "stream") ?? false, includeUsage: flag(record(body, "stream_options"), "include_usage") ?? false };
}

async function whole(node: SimulatedNode, exchange: Exchange, { events }: Running, { model, logprobs }: Form): Promise<void> {
	const said = await gather(events);
	if (said.error !== undefined) return sendLateError(exchange, 500, said.error);
	if (!said.done && exchange.signal.aborted) return exchange.drop();
	const message = {
		role: "assistant",
		content: said.content,
		reasoning: said.thinking || undefined,
		tool_calls: said.calls.length > 0 ? said.calls.map(wireCall) : undefined,
	};
	const choice = {
		index: 0,
		message,
		finish_reason: finishReason(said.done?.reason, said.calls.length > 0),
		logprobs: wireLogprobs(said.tokens, logprobs),
	};
	const head = { id: smallId(node, "chatcmpl"), object: "chat.completion", created: seconds(node), model, system_fingerprint: "fp_ollama" };
	sendObject(exchange, { ...head, choices: [choice], usage: usage(said.done?.metrics) });
}

async function stream(node: SimulatedNode, exchange: Exchange, { events, model: { spec } }: Running, form: Form): Promise<void> {
	exchange.open(EVENT_STREAM);
	const chunks = new Chunks(node, form);
	const held: ToolCall[] = [];
	const holds = node.rules.llamaServer && spec.template === "gguf";
	for await (const event of events) {
		if (event.kind === "error") await exchange.write(chunks.broken());
		else if (event.kind === "piece" && event.piece.kind === "tool-call" && holds) held.push(event.piece.call);
		else if (event.kind === "piece") {
			const chunk = chunks.piece(event);
			if (chunk !== "") await exchange.write(chunk);
		} else if (event.kind === "done") {
			await exchange.write(`${held.length > 0 ? chunks.calls(held) : ""}${chunks.finish(event)}`);
		}
	}
	exchange.end();
}

/** The frames of one stream, which know whether they are the first. */
class Chunks {
	readonly #node: SimulatedNode;
	readonly #form: Form;
	readonly #head: { id: string; object: string };
	readonly #created: number;
	#first = true;
	#calls = 0;

	constructor(node: SimulatedNode, form: Form) {
		this.#node = node;
		this.#form = form;
		this.#head = { id: smallId(node, "chatcmpl"), object: "chat.completion.chunk" };
		this.#created = seconds(node);
	}

	piece({ piece, token }: Piece): string {
		const logprobs = wireLogprobs(token === "" ? [] : [token], this.#form.logprobs);
		if (piece.kind === "content") return this.#chunk({ content: piece.text }, logprobs);
		if (piece.kind === "thinking") return this.#chunk({ content: "", reasoning: piece.text }, logprobs);
		return piece.kind === "tool-call" ? this.calls([piece.call]) : "";
	}

	calls(calls: readonly ToolCall[]): string {
		return this.#chunk({ content: "", tool_calls: calls.map((call) => wireCall(call, this.#calls++)) });
	}

	/** The last three frames travel together. */
	finish({ reason, metrics }: Extract<InferenceEvent, { kind: "done" }>): string {
		const delta = this.#node.rules.roleOnlyInFirstDelta ? {} : { role: "assistant", content: "" };
		const last = frame({ ...this.#frameHead(), choices: [{ index: 0, delta, finish_reason: finishReason(reason, this.#calls > 0) }] });
		return `${last}${this.#form.includeUsage ? frame({ ...this.#frameHead(), choices: [], usage: usage(metrics) }) : ""}${DONE}`;
	}

	/** What the layer makes of an error line it takes for an empty answer. */
	broken(): string {
		const delta = this.#node.rules.roleOnlyInFirstDelta ? { content: "" } : { role: "assistant", content: "" };
		return frame({ ...this.#frameHead(), model: "", choices: [{ index: 0, delta, finish_reason: null }] });
	}

	#chunk(said: Record<string, unknown>, logprobs?: unknown): string {
		const named = this.#first || !this.#node.rules.roleOnlyInFirstDelta;
		this.#first = false;
		const delta = named ? { role: "assistant", ...said } : said;
		return frame({ ...this.#frameHead(), choices: [{ index: 0, delta, finish_reason: null, logprobs }] });
	}

	#frameHead() {
		return { ...this.#head, created: this.#created, model: this.#form.model, system_fingerprint: "fp_ollama" };
	}
}

function finishReason(reason: string | undefined, called: boolean): string | null {
	return called && reason === "stop" ? "tool_calls" : (reason ?? null);
}

function wireCall(call: ToolCall, index: number) {
	return { id: call.id, index, type: "function", function: { name: call.name, arguments: goJson(call.arguments) } };
}

function wireLogprobs(tokens: readonly string[], alternatives: number | undefined) {
	if (alternatives === undefined || tokens.length === 0) return undefined;
	return { content: tokens.map((token) => logprobsOf(token, alternatives)) };
}

export const openaiChatRoutes: Route[] = [{ method: "POST", path: "/v1/chat/completions", handle }];
