/** What a model will say to a request, before any pacing: thoughts, text, tool calls, all from the seed. */
import type { ModelSpec } from "../models.ts";
import { randomText, type Random } from "../machine/random.ts";
import { speak, speakMarked, think, tokens, usualLength } from "./speech.ts";

export interface ToolCall {
	id: string;
	name: string;
	arguments: Record<string, unknown>;
}

export type Piece =
	| { kind: "thinking"; text: string }
	| { kind: "content"; text: string }
	/** A token that shows in no text: a tag, a tool call's syntax. */
	| { kind: "silent" }
	| { kind: "tool-call"; call: ToolCall };

export interface AnswerWish {
	seed: number;
	/** For ids, which never repeat, whatever the seed. */
	random: Random;
	thinking: boolean;
	/** The tools offered, empty when the model should talk. */
	tools: readonly unknown[];
	/** `"json"` or a schema; absent for plain text. */
	format: unknown;
	/** What was asked last: some models know cues. */
	cue: string;
	/** Given by a machine whose answers must be told from those of others. */
	mark: string | undefined;
}

/** Tokens that a tool call costs. */
const CALL_TOKENS = 18;
const CALL_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS_AND_DIGITS = `${CALL_ALPHABET}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
/** Names as real tool calls carry them: the engine's own, or llama-server's. */
const CALL_ID = {
	ollama: { prefix: "call_", length: 8, alphabet: CALL_ALPHABET },
	gguf: { prefix: "", length: 32, alphabet: LETTERS_AND_DIGITS },
};

export function* answer(model: ModelSpec, wish: AnswerWish): Generator<Piece> {
	if (wish.thinking) yield* thoughts(wish.seed);
	if (model.speech === "trained" && wish.cue === "loop") yield* endlessly(" again");
	else if (wish.tools.length > 0) yield* callTools(model, wish);
	else if (wish.format !== undefined) yield* content(tokens(JSON.stringify(sample(wish.format))));
	else yield* content(speech(model, wish));
}

function* thoughts(seed: number): Generator<Piece> {
	yield { kind: "silent" };
	yield { kind: "silent" };
	for (const text of think(seed)) yield { kind: "thinking", text };
}

function* content(texts: Iterable<string>): Generator<Piece> {
	for (const text of texts) yield { kind: "content", text };
}

function* speech(model: ModelSpec, { seed, cue, mark, random }: AnswerWish): Generator<string> {
	if (mark !== undefined) return yield* speakMarked(mark, cue, randomText(random, CALL_ALPHABET, CALL_ID.ollama.length));
	if (model.speech === "trained") return yield* tokens("Hello there! How can I help you today?");
	let left = model.speech === "endless" ? Number.POSITIVE_INFINITY : usualLength(seed);
	for (const text of speak(seed, cue)) {
		yield text;
		// Stops at the end of a sentence, so that an unlimited answer reads as finished.
		if (--left <= 0 && text.endsWith(".")) return;
	}
}

function* endlessly(text: string): Generator<Piece> {
	for (;;) yield { kind: "content", text };
}

function* callTools(model: ModelSpec, wish: AnswerWish): Generator<Piece> {
	const [first] = wish.tools;
	const two = model.speech === "trained" && (wish.cue === "two" || model.template === "gguf");
	if (two) yield* content(tokens("Checking both cities.\n"));
	for (let calls = two ? 2 : 1; calls > 0; calls--) {
		for (let index = 0; index < CALL_TOKENS; index++) yield { kind: "silent" };
		yield { kind: "tool-call", call: toolCall(first, model, wish.random) };
	}
}

function toolCall(tool: unknown, model: ModelSpec, random: Random): ToolCall {
	const described = field(tool, "function");
	const { prefix, length, alphabet } = CALL_ID[model.template];
	return {
		id: prefix + randomText(random, alphabet, length),
		name: String(field(described, "name") ?? ""),
		arguments: Object(sample(field(described, "parameters") ?? { type: "object" })),
	};
}

/** A value that fits a JSON schema; `"json"` stands for any object. */
function sample(schema: unknown): unknown {
	const choices = field(schema, "enum");
	if (Array.isArray(choices)) return choices[0];
	switch (field(schema, "type") ?? (schema === "json" ? "json" : "object")) {
		case "json":
			return { answer: "The river keeps its own pace.", certain: true };
		case "object":
			return Object.fromEntries(Object.entries(Object(field(schema, "properties") ?? {})).map(([key, value]) => [key, sample(value)]));
		case "array":
			return [sample(field(schema, "items") ?? { type: "string" })];
		case "integer":
		case "number":
			return 2;
		case "boolean":
			return true;
		case "null":
			return null;
		default:
			return "Paris";
	}
}

function field(value: unknown, key: string): unknown {
	return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
