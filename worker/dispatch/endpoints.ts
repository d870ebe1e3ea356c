/** The inference routes, and what differs between them. */

export interface Endpoint {
	/** What Ollama does with a request that leaves `stream` out. */
	readonly streamsByDefault: boolean;
	readonly embedding: boolean;
	/** Ollama's answer to an empty model name (reference/ollama-api.md 2.9). */
	readonly noModel: { readonly status: number; readonly message: string };
	/** Ollama's sentence for a model that is not installed; X is the name as sent. */
	readonly notFound: (model: string) => string;
}

const single = (model: string) => `model '${model}' not found`;
const double = (model: string) => `model "${model}" not found, try pulling it first`;
const required = { status: 400, message: "model is required" };
const emptyNotFound = { status: 404, message: "model '' not found" };

export const ENDPOINTS: Record<string, Endpoint> = {
	"/api/chat": { streamsByDefault: true, embedding: false, noModel: required, notFound: single },
	"/api/generate": { streamsByDefault: true, embedding: false, noModel: emptyNotFound, notFound: single },
	"/api/embed": { streamsByDefault: false, embedding: true, noModel: emptyNotFound, notFound: double },
	"/v1/chat/completions": { streamsByDefault: false, embedding: false, noModel: required, notFound: single },
};
