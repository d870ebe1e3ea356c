/** A prompt's size before anybody has counted it. Pure. */
import type { InferenceBody } from "../protocol/inference.ts";
import { imageCount } from "./images.ts";

const CHARACTERS_PER_TOKEN = 4;
const CHARACTERS_PER_MESSAGE = 16;
const TOKENS_PER_IMAGE = 150;

/** The origin's estimate (reference/ollama-herd.md 2.6), with plain prompts and embedding inputs counted too; at least 1. */
export function estimateTokens(fields: InferenceBody, path: string): number {
	let characters = textLength(fields.prompt) + textLength(fields.input) + textLength(fields.system);
	for (const message of fields.messages ?? []) characters += textLength(message.content) + CHARACTERS_PER_MESSAGE;
	return Math.max(1, Math.floor(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_IMAGE * imageCount(fields, path));
}

/** Of one message or one text, so that a prompt's parts add up to about its estimate. */
export function tokensOfText(content: unknown): number {
	return Math.floor((textLength(content) + CHARACTERS_PER_MESSAGE) / CHARACTERS_PER_TOKEN);
}

/** Strings, lists of strings, and lists of parts with a `text`, however deep: by a list of its own, since a client decides the depth. */
function textLength(content: unknown): number {
	const left = [content];
	let length = 0;
	while (left.length > 0) {
		const part = left.pop();
		if (typeof part === "string") length += part.length;
		else if (Array.isArray(part)) for (const inner of part) left.push(inner);
		else if (typeof part === "object" && part !== null && "text" in part) left.push(part.text);
	}
	return length;
}
