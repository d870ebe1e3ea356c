/** A prompt as the pieces that a model reads one after the other, whatever API it came by. Pure. */
import type { InferenceBody } from "../protocol/inference.ts";
import type { PromptPart } from "../routing/rule/prefix-marks.ts";
import { tokensOfText } from "./tokens.ts";

/** Vectors are made anew for every text: nothing of an embedding's input is remembered. */
const REMEMBERS_NOTHING = /\/embed(?:dings)?$/;

/** In the order in which templates put them: tools and system prompt first. */
export function promptParts(fields: InferenceBody, path: string): PromptPart[] {
	if (REMEMBERS_NOTHING.test(path)) return [];
	const { tools, system = fields.instructions, messages = itemsOf(fields.input), prompt } = fields;
	const head = [...partOf("tools", tools), ...partOf("system", system)];
	return [...head, ...messages.flatMap(turnOf), ...partOf("user", prompt)];
}

/** Calls of tools and images belong to a message as its text does. */
function turnOf(message: object & { content?: unknown }): PromptPart[] {
	const { content, ...rest } = message;
	const role = "role" in rest && typeof rest.role === "string" ? rest.role : "";
	if (typeof content === "string" && Object.keys(rest).every((key) => key === "role")) return partOf(role, content);
	return partOf(role, message).map((part) => ({ ...part, tokens: tokensOfText(content) }));
}

function partOf(role: string, content: unknown): PromptPart[] {
	if (content === undefined || content === null) return [];
	return [{ role, text: typeof content === "string" ? content : jsonOf(content), tokens: tokensOfText(content) }];
}

/** One that is nested too deep to be written counts as all others of its kind: a wrong guess costs a little time, a refusal would cost the request. */
function jsonOf(content: unknown): string {
	try {
		return JSON.stringify(content);
	} catch {
		return "too deep";
	}
}

/** The Responses API puts a text or a list of messages into `input`. */
function itemsOf(input: unknown): object[] {
	if (typeof input === "string") return [{ role: "user", content: input }];
	if (!Array.isArray(input)) return [];
	return input.filter((item: unknown): item is object => typeof item === "object" && item !== null);
}
