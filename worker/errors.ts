/** Refusals in the client's own dialect (reference/ollama-api.md 2.9, 3). The only place that builds an error body. */
import type { Dialect } from "./protocol/inference.ts";

export interface Refusal {
	readonly status: number;
	readonly message: string;
	/** OpenAI's and Anthropic's `type`; by status when left out. */
	readonly type?: string;
	/** Seconds; between 2 and 59, the range every client obeys (reference/clients.md 1). */
	readonly retryAfterSeconds?: number;
}

const OPENAI_TYPES: Record<number, string> = { 400: "invalid_request_error", 404: "not_found_error" };
const ANTHROPIC_TYPES: Record<number, string> = {
	400: "invalid_request_error",
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	413: "request_too_large",
	429: "rate_limit_error",
	503: "overloaded_error",
};

export function errorResponse(dialect: Dialect, refusal: Refusal): Response {
	const headers = new Headers({ "content-type": dialect === "ollama" ? "application/json; charset=utf-8" : "application/json" });
	if (refusal.retryAfterSeconds !== undefined) headers.set("retry-after", String(refusal.retryAfterSeconds));
	return new Response(errorBody(dialect, refusal), { status: refusal.status, headers });
}

/** The text of an error. */
export function errorBody(dialect: Dialect, { status, message, type }: Refusal): string {
	switch (dialect) {
		case "ollama":
			return JSON.stringify({ error: message });
		case "openai":
			return `${JSON.stringify({ error: { message, type: type ?? OPENAI_TYPES[status] ?? "api_error", param: null, code: null } })}\n`;
		case "anthropic":
			return `${JSON.stringify({ type: "error", error: { type: type ?? ANTHROPIC_TYPES[status] ?? "api_error", message }, request_id: requestId() })}\n`;
	}
}

function requestId(): string {
	return `req_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

/** A refusal on its way to the one place that answers it. `dialect` is known from the path. */
export class RouterError extends Error {
	readonly refusal: Refusal;

	constructor(refusal: Refusal) {
		super(refusal.message);
		this.refusal = refusal;
	}
}

/** Which API a path belongs to; anything that is not a client's API speaks Ollama's envelope. */
export function dialectOf(path: string): Dialect {
	if (path.startsWith("/v1/messages")) return "anthropic";
	return path.startsWith("/v1/") ? "openai" : "ollama";
}
