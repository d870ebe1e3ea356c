/** A prompt's size before anybody has counted it. Pure. */
import type { InferenceBody } from "../protocol/inference.ts";
import { imageCount } from "./images.ts";

const CHARACTERS_PER_TOKEN = 4;
const CHARACTERS_PER_MESSAGE = 16;
const TOKENS_PER_IMAGE = 150;

/** The origin's estimate (reference/ollama-herd.md 2.6), with plain prompts and embedding inputs counted too; at least 1. */
export function estimateTokens(fields: InferenceBody): number {
	let characters = textLength(fields.prompt) + textLength(fields.input) + textLength(fields.system);
	for (const message of fields.messages ?? []) characters += textLength(message.content) + CHARACTERS_PER_MESSAGE;
	return Math.max(1, Math.floor(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_IMAGE * imageCount(fields));
}

/** Strings, lists of strings, and lists of parts with a `text`. */
function textLength(content: unknown): number {
	if (typeof content === "string") return content.length;
	if (Array.isArray(content)) return content.reduce<number>((sum, part) => sum + textLength(part), 0);
	if (typeof content === "object" && content !== null && "text" in content) return textLength(content.text);
	return 0;
}
