/** The events of a streamed response, in their order; built from maps in the real server, hence the sorted keys. */
import type { ToolCall } from "../inference/answer.ts";
import type { InferenceEvent, Metrics } from "../inference/inference.ts";
import { goJson } from "../wire/go-json.ts";
import { asRecord, type Body } from "./fields.ts";
import { responseObject, type Output } from "./responses-object.ts";

export interface SseEvent {
	name: string;
	data: unknown;
}

interface Source {
	body: Body;
	createdAt: number;
	/** Seconds. */
	now(): number;
	id(prefix: string): string;
}

export class ResponseEvents {
	readonly #source: Source;
	readonly #id: string;
	readonly #output: Output[] = [];
	#sequence = 0;
	#index = 0;
	#reasoning: { id: string; text: string } | undefined;
	#message: { id: string; text: string } | undefined;
	#called = false;

	constructor(source: Source) {
		this.#source = source;
		this.#id = source.id("resp");
	}

	*begin(): Generator<SseEvent> {
		const response = this.#response(undefined, undefined);
		yield this.#event("response.created", { response });
		yield this.#event("response.in_progress", { response });
	}

	*take(event: InferenceEvent): Generator<SseEvent> {
		if (event.kind === "done") yield* this.#end(event.metrics);
		if (event.kind !== "piece") return;
		const { piece } = event;
		if (piece.kind === "thinking") yield* this.#reason(piece.text);
		if (piece.kind === "content") yield* this.#say(piece.text);
		if (piece.kind === "tool-call") yield* this.#call(piece.call);
	}

	*#reason(text: string): Generator<SseEvent> {
		if (!this.#reasoning) {
			this.#reasoning = { id: this.#source.id("rs"), text: "" };
			yield this.#event("response.output_item.added", {
				output_index: this.#index,
				item: { id: this.#reasoning.id, type: "reasoning", summary: [] },
			});
		}
		this.#reasoning.text += text;
		yield this.#event("response.reasoning_summary_text.delta", {
			item_id: this.#reasoning.id,
			output_index: this.#index,
			summary_index: 0,
			delta: text,
		});
	}

	*#endReasoning(): Generator<SseEvent> {
		if (!this.#reasoning) return;
		const { id, text } = this.#reasoning;
		this.#reasoning = undefined;
		yield this.#event("response.reasoning_summary_text.done", { item_id: id, output_index: this.#index, summary_index: 0, text });
		const item: Output = { id, type: "reasoning", summary: [{ type: "summary_text", text }], encrypted_content: text };
		yield this.#event("response.output_item.done", { output_index: this.#index++, item });
		this.#output.push(item);
	}

	*#say(text: string): Generator<SseEvent> {
		yield* this.#endReasoning();
		// Text after a tool call is only in the finished object.
		if (this.#called) {
			this.#message = { id: this.#message?.id ?? this.#source.id("msg"), text: (this.#message?.text ?? "") + text };
			return;
		}
		if (!this.#message) {
			this.#message = { id: this.#source.id("msg"), text: "" };
			const item = { id: this.#message.id, type: "message", status: "in_progress", role: "assistant", content: [] };
			yield this.#event("response.output_item.added", { output_index: this.#index, item });
			yield this.#event("response.content_part.added", { ...this.#place(), part: textPart("") });
		}
		this.#message.text += text;
		yield this.#event("response.output_text.delta", { ...this.#place(), delta: text, logprobs: [] });
	}

	*#call({ id: call_id, name, arguments: input }: ToolCall): Generator<SseEvent> {
		yield* this.#endReasoning();
		this.#called = true;
		const output_index = this.#index++;
		const item_id = `${this.#source.id("fc")}_${output_index}`;
		const item = { id: item_id, type: "function_call", call_id, name };
		const text = goJson(input);
		const finished = { ...item, status: "completed", arguments: text };
		yield this.#event("response.output_item.added", { output_index, item: { ...item, status: "in_progress", arguments: "" } });
		yield this.#event("response.function_call_arguments.delta", { item_id, output_index, delta: text });
		yield this.#event("response.function_call_arguments.done", { item_id, output_index, arguments: text });
		yield this.#event("response.output_item.done", { output_index, item: finished });
		this.#output.push(finished);
	}

	*#end(metrics: Metrics): Generator<SseEvent> {
		yield* this.#endReasoning();
		if (this.#message) {
			const { id, text } = this.#message;
			const item: Output = { id, type: "message", status: "completed", role: "assistant", content: [textPart(text)] };
			if (!this.#called) {
				yield this.#event("response.output_text.done", { ...this.#place(), text, logprobs: [] });
				yield this.#event("response.content_part.done", { ...this.#place(), part: textPart(text) });
				yield this.#event("response.output_item.done", { output_index: this.#index, item });
			}
			this.#output.push(item);
		}
		yield this.#event("response.completed", { response: this.#response(this.#source.now(), metrics) });
	}

	#place() {
		return { item_id: this.#message?.id, output_index: this.#index, content_index: 0 };
	}

	#response(completedAt: number | undefined, metrics: Metrics | undefined) {
		const { body, createdAt } = this.#source;
		return responseObject({ body, id: this.#id, createdAt, completedAt, output: this.#output, metrics });
	}

	#event(name: string, data: Record<string, unknown>): SseEvent {
		return { name, data: sortedKeys({ type: name, sequence_number: this.#sequence++, ...data }) };
	}
}

function textPart(text: string) {
	return { type: "output_text", text, annotations: [], logprobs: [] };
}

function sortedKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortedKeys);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(asRecord(value)).toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
	return Object.fromEntries(entries.map(([key, entry]) => [key, sortedKeys(entry)]));
}
