/** The inference routes, and what differs between them. */
import { chatCompletions } from "./forms/chat-completions.ts";
import { completions } from "./forms/completions.ts";
import type { StreamForm } from "./forms/form.ts";
import { messages } from "./forms/messages.ts";
import { ndjson } from "./forms/ndjson.ts";
import { responses } from "./forms/responses.ts";

export interface Endpoint {
	/** What Ollama does with a request that leaves `stream` out. */
	readonly streamsByDefault: boolean;
	/** Ollama's answer to an empty model name (reference/ollama-api.md 2.9); used when no node is there to say it. */
	readonly noModel: { readonly status: number; readonly message: string };
	/** Ollama's sentence for a model that is not installed, likewise; X is the name as sent. */
	readonly notFound: (model: string) => string;
	/** The form of its streams; absent where every answer is one JSON object, whatever the client asks for. */
	readonly streams?: StreamForm;
	/** Takes zstd-compressed bodies. */
	readonly zstd: boolean;
}

const single = (model: string) => `model '${model}' not found`;
const double = (model: string) => `model "${model}" not found, try pulling it first`;
const required = { status: 400, message: "model is required" };
const emptyNotFound = { status: 404, message: "model '' not found" };
const chat = { noModel: required, notFound: single };
const generate = { noModel: emptyNotFound, notFound: single };
const embed = { noModel: emptyNotFound, notFound: double };
const native = { streamsByDefault: true, zstd: false };
const layered = { streamsByDefault: false, zstd: true };

export const ENDPOINTS: Record<string, Endpoint> = {
	"/api/chat": { ...native, ...chat, streams: ndjson },
	"/api/generate": { ...native, ...generate, streams: ndjson },
	"/api/embed": { ...native, ...embed, streamsByDefault: false },
	"/api/embeddings": { ...native, noModel: required, notFound: double, streamsByDefault: false },
	"/v1/chat/completions": { ...layered, ...chat, streams: chatCompletions },
	"/v1/completions": { ...layered, ...generate, streams: completions },
	"/v1/embeddings": { ...layered, ...embed },
	"/v1/responses": { ...layered, ...chat, streams: responses },
	"/v1/messages": { ...layered, ...chat, streams: messages },
	"/v1/images/generations": { ...layered, ...chat },
	"/v1/images/edits": { ...layered, ...chat },
	"/v1/audio/transcriptions": { ...layered, ...chat },
};
