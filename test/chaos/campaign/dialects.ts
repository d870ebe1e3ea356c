/** The dialects that clients of a campaign speak: what they send, and what an answer says in each. */
import type { Ask } from "./ask.ts";

export type DialectName = "ollama" | "openai" | "anthropic";

export interface Reading {
	readonly text: string;
	/** The answer says itself that it is whole. */
	readonly finished: boolean;
	/** An error in place of the rest. */
	readonly error?: string | undefined;
}

interface Dialect {
	readonly path: string;
	body(ask: Ask, messages: readonly object[]): object;
	/** What one JSON object, a line or event or a whole body, brings. Undefined for one that belongs to no answer. */
	read(value: Json): Reading | undefined;
	/** The sentence in an error body; undefined for a body of another form. */
	error(value: Json): string | undefined;
}

/** A parsed value that is looked into by path. */
export class Json {
	readonly #value: unknown;

	constructor(value: unknown) {
		this.#value = value;
	}

	at(...path: readonly (string | number)[]): unknown {
		return path.reduce<unknown>(
			(value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
			this.#value,
		);
	}

	text(...path: readonly (string | number)[]): string | undefined {
		const found = this.at(...path);
		return typeof found === "string" ? found : undefined;
	}
}

const more = (text: string | undefined): Reading => ({ text: text ?? "", finished: false });
const failed = (error: string | undefined): Reading | undefined => (error === undefined ? undefined : { text: "", finished: false, error });

export const DIALECTS: Record<DialectName, Dialect> = {
	ollama: {
		path: "/api/chat",
		body: ({ model, stream, tokens }, messages) => ({ model, stream, messages, options: { num_predict: tokens } }),
		read: (value) => {
			if (value.at("message") === undefined) return failed(value.text("error"));
			return { text: value.text("message", "content") ?? "", finished: value.at("done") === true };
		},
		error: (value) => value.text("error"),
	},
	openai: {
		path: "/v1/chat/completions",
		body: ({ model, stream, tokens }, messages) => ({ model, stream, messages, max_tokens: tokens }),
		read: (value) => {
			if (value.text("object") === "chat.completion")
				return { text: value.text("choices", 0, "message", "content") ?? "", finished: value.at("choices", 0, "finish_reason") !== null };
			return value.at("choices") === undefined
				? failed(value.text("error", "message"))
				: more(value.text("choices", 0, "delta", "content"));
		},
		error: (value) => value.text("error", "message"),
	},
	anthropic: {
		path: "/v1/messages",
		body: ({ model, stream, tokens }, messages) => ({ model, stream, messages, max_tokens: tokens }),
		read: (value) => {
			switch (value.text("type")) {
				case "message":
					return { text: value.text("content", 0, "text") ?? "", finished: value.at("stop_reason") !== null };
				case "message_stop":
					return { text: "", finished: true };
				case "error":
					return failed(value.text("error", "message"));
				case "content_block_delta":
					return more(value.text("delta", "text"));
				default:
					return value.text("type") === undefined ? undefined : more("");
			}
		},
		error: (value) => (value.text("type") === "error" ? value.text("error", "message") : undefined),
	},
};
