/** The text a model reads, and how many tokens it is. */
import type { ModelSpec } from "../models.ts";

export interface Message {
	role: string;
	content: string;
	thinking?: string;
	images: number;
}

const CHARACTERS_PER_TOKEN = 4;
/** A picture in tokens, as vision models of this size take it. */
const IMAGE_TOKENS = 256;

function renderMessage({ role, content, thinking }: Message): string {
	return `<|im_start|>${role}\n${thinking ?? ""}${content}<|im_end|>\n`;
}

export function renderMessages(messages: readonly Message[], tools: readonly unknown[], model: ModelSpec): string {
	const system = model.system !== undefined && messages[0]?.role !== "system" ? [{ role: "system", content: model.system, images: 0 }] : [];
	const offered = tools.length > 0 ? `<tools>${JSON.stringify(tools)}</tools>\n` : "";
	return `${offered}${[...system, ...messages].map(renderMessage).join("")}<|im_start|>assistant\n`;
}

export function countTokens(text: string, images = 0): number {
	return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN)) + images * IMAGE_TOKENS;
}

/** The end of a text that has this many tokens. */
export function lastTokens(text: string, count: number): string {
	return text.slice(-count * CHARACTERS_PER_TOKEN);
}

/** Leaves out the oldest messages until the prompt fits; system messages and the last message stay. */
export function dropOldest(messages: readonly Message[], fits: (messages: readonly Message[]) => boolean): readonly Message[] {
	let kept = messages;
	while (!fits(kept)) {
		const oldest = kept.findIndex((message, index) => message.role !== "system" && index < kept.length - 1);
		if (oldest < 0) return kept;
		kept = kept.toSpliced(oldest, 1);
	}
	return kept;
}
