/** Writes the outcome of a chat or completion in Ollama's own form, as lines or as one object. */
import type { Piece, ToolCall } from "../inference/answer.ts";
import type { Outcome } from "../inference/ask.ts";
import { gather } from "../inference/gather.ts";
import type { Metrics, PreparedPrompt } from "../inference/inference.ts";
import { logprobsOf, type Logprob } from "../inference/logprobs.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson, goNanoseconds, goTime } from "../wire/go-json.ts";
import { JSON_PLAIN, NDJSON, sendError, sendJson } from "./route.ts";

export interface NativeForm {
	kind: "chat" | "generate";
	/** As the request spelled it. */
	model: string;
	stream: boolean;
	raw: boolean;
	/** How many alternatives per token; absent without log probabilities. */
	logprobs: number | undefined;
}

/** What one line says beyond its frame. */
interface Said {
	content?: string;
	thinking?: string;
	calls?: { call: ToolCall; index: number }[];
	logprobs?: Logprob[] | undefined;
	done?: { reason: string; metrics?: Metrics; prompt?: PreparedPrompt };
}

export async function sendNative(node: SimulatedNode, exchange: Exchange, outcome: Outcome, form: NativeForm): Promise<void> {
	switch (outcome.kind) {
		case "abandoned":
			return exchange.drop();
		case "refused":
			return sendRefusal(exchange, outcome, form.stream);
		case "loaded":
			return sendJson(exchange, 200, line(node, form, { done: { reason: outcome.reason } }));
		case "rendered":
			return sendJson(exchange, 200, rendered(node, form, outcome));
		case "started":
			return form.stream ? streamLines(node, exchange, outcome, form) : sendWhole(node, exchange, outcome, form);
	}
}

function sendRefusal(
	exchange: Exchange,
	{ status, text, inRunner }: { status: number; text: string; inRunner: boolean },
	stream: boolean,
): void {
	if (!stream || !inRunner) return sendError(exchange, status, text);
	exchange.send({ status, type: JSON_PLAIN, body: goJson({ error: text }), chunked: true });
}

type Running = Extract<Outcome, { kind: "started" }>;

async function streamLines(node: SimulatedNode, exchange: Exchange, { model, events }: Running, form: NativeForm): Promise<void> {
	exchange.open(NDJSON);
	const held: ToolCall[] = [];
	const holds = node.rules.llamaServer && model.spec.template === "gguf";
	let index = 0;
	const write = (said: Said) => exchange.write(`${goJson(line(node, form, said))}\n`);
	for await (const event of events) {
		if (event.kind === "error") await exchange.write(`${goJson({ error: event.text })}\n`);
		else if (event.kind === "done") await write({ ...withCalls(held, 0), done: event });
		else if (event.kind === "piece" && event.piece.kind === "tool-call" && holds) held.push(event.piece.call);
		else if (event.kind === "piece") {
			const said = saidBy(event, form, index);
			if (event.piece.kind === "tool-call") index++;
			if (said) await write(said);
		}
	}
	if (exchange.halfClosed) await exchange.write(`${goJson({ error: node.rules.halfCloseText })}\n`);
	exchange.end();
}

function withCalls(calls: readonly ToolCall[], first: number): Said {
	return calls.length === 0 ? {} : { calls: calls.map((call, index) => ({ call, index: first + index })) };
}

function saidBy({ piece, token }: { piece: Piece; token: string }, form: NativeForm, index: number): Said | undefined {
	const logprobs = form.logprobs === undefined || token === "" ? undefined : [logprobsOf(token, form.logprobs)];
	switch (piece.kind) {
		case "content":
			return { content: piece.text, logprobs };
		case "thinking":
			return { thinking: piece.text, logprobs };
		case "tool-call":
			return { calls: [{ call: piece.call, index }] };
		case "silent":
			// A completion shows that the model is busy with a tag; a chat does not.
			return form.kind === "generate" ? { content: "" } : undefined;
	}
}

async function sendWhole(node: SimulatedNode, exchange: Exchange, { events }: Running, form: NativeForm): Promise<void> {
	const whole = await gather(events);
	if (whole.error !== undefined) return sendError(exchange, 500, whole.error);
	if (exchange.signal.aborted && !whole.done) return exchange.drop();
	const { logprobs } = form;
	const said: Said = {
		content: whole.content,
		...(whole.thinking !== "" && { thinking: whole.thinking }),
		...withCalls(whole.calls, 0),
		...(logprobs !== undefined && { logprobs: whole.tokens.map((token) => logprobsOf(token, logprobs)) }),
		...(whole.done && { done: whole.done }),
	};
	sendJson(exchange, 200, line(node, form, said));
}

function line(node: SimulatedNode, form: NativeForm, said: Said): Record<string, unknown> {
	const head = { model: form.model, created_at: goTime(node.clock.now() + node.faults.clockSkewMs) };
	const calls = said.calls?.map(({ call, index }) => ({ id: call.id, function: { index, name: call.name, arguments: call.arguments } }));
	const tail = { done: said.done !== undefined, done_reason: said.done?.reason };
	const metrics = metricKeys(node, said.done?.metrics);
	if (form.kind === "chat") {
		const message = { role: "assistant", content: said.content ?? "", thinking: said.thinking, tool_calls: calls };
		return { ...head, message, ...tail, logprobs: said.logprobs, ...metrics };
	}
	const context = form.raw || !said.done?.prompt ? undefined : contextNumbers(said.done.prompt, said.done.metrics);
	return {
		...head,
		response: said.content ?? "",
		thinking: said.thinking,
		...tail,
		context,
		...metrics,
		tool_calls: calls,
		logprobs: said.logprobs,
	};
}

function metricKeys({ rules }: SimulatedNode, metrics: Metrics | undefined): Record<string, number> {
	if (!metrics) return {};
	return {
		total_duration: goNanoseconds(metrics.totalMs),
		load_duration: goNanoseconds(metrics.loadMs),
		prompt_eval_count: metrics.promptTokens,
		prompt_eval_duration: goNanoseconds(metrics.promptMs, rules.microsecondMetrics),
		eval_count: metrics.evalTokens,
		...(!(rules.firstTokenIsFree && metrics.evalTokens <= 1) && { eval_duration: goNanoseconds(metrics.evalMs, rules.microsecondMetrics) }),
	};
}

/** Token numbers of prompt and answer; nobody decodes them here, so any stable numbers do. */
function contextNumbers(prompt: PreparedPrompt, metrics: Metrics | undefined): number[] {
	const count = prompt.tokens + (metrics?.evalTokens ?? 0);
	return Array.from(
		{ length: count },
		(_, index) => 256 + (((prompt.text.charCodeAt(index % Math.max(1, prompt.text.length)) || 0) + index * 7) % 800),
	);
}

function rendered(node: SimulatedNode, form: NativeForm, { text, images }: { text: string; images: number }): Record<string, unknown> {
	const head = { model: form.model, created_at: goTime(node.clock.now()) };
	const info = { rendered_template: text, image_count: images > 0 ? images : undefined };
	const body = form.kind === "chat" ? { message: { role: "", content: "" } } : { response: "" };
	return { ...head, ...body, done: false, _debug_info: info };
}
