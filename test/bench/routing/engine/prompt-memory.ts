/** What a runner remembers of prompts: one in each place, and as many beside as fit into its host memory. */
import type { Session } from "../workload/session.ts";

const HOST_BYTES = 8.6e9;

interface Remembered {
	readonly session: Session;
	readonly tokens: number;
}

export class PromptMemory {
	/** By session id, the latest last. */
	readonly #sequences = new Map<string, Remembered>();
	readonly #hostTokens: number;
	readonly #places: number;

	constructor(kvBytesPerToken: number, places: number) {
		this.#hostTokens = kvBytesPerToken > 0 ? HOST_BYTES / kvBytesPerToken : 0;
		this.#places = places;
	}

	/** Tokens of the session's next prompt that need not be read. */
	cachedTokens(session: Session, promptTokens: number): number {
		let cached = this.#sequences.get(session.id)?.tokens ?? 0;
		for (const { session: other } of this.#sequences.values()) {
			if (other.system.name === session.system.name) cached = Math.max(cached, session.system.tokens);
		}
		return Math.min(cached, promptTokens - 1);
	}

	remember(session: Session, tokens: number): void {
		this.#sequences.delete(session.id);
		this.#sequences.set(session.id, { session, tokens });
		const all = [...this.#sequences.values()];
		let beside = all.slice(0, -this.#places).reduce((sum, sequence) => sum + sequence.tokens, 0);
		for (const oldest of all.slice(0, -this.#places)) {
			if (beside <= this.#hostTokens) break;
			beside -= oldest.tokens;
			this.#sequences.delete(oldest.session.id);
		}
	}
}
