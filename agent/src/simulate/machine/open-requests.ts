import type { Exchange } from "../wire/exchange.ts";

const INFERENCE = new Set([
	"/api/generate",
	"/api/chat",
	"/api/embed",
	"/api/embeddings",
	"/v1/chat/completions",
	"/v1/completions",
	"/v1/embeddings",
	"/v1/responses",
	"/v1/messages",
]);

/** Inference whose client still waits for the end of its answer, from the moment it was asked. */
export class OpenRequests {
	readonly #open = new Set<Exchange>();

	note(exchange: Exchange): void {
		if (exchange.method !== "POST" || !INFERENCE.has(exchange.path)) return;
		this.#open.add(exchange);
		exchange.signal.addEventListener("abort", () => this.#open.delete(exchange), { once: true });
	}

	/** One for each, `undefined` for a client that gave none. */
	get ids(): (string | undefined)[] {
		return [...this.#open].map((exchange) => exchange.header("x-request-id"));
	}
}
