/** Answers to `/api/show`, kept in the isolate. A digest stands for its content, so nothing in here ever grows old. */
import { canonicalName } from "../routing/names.ts";

const MAX_ENTRIES = 200;
/** A licence or two; what is longer is asked for again. */
const MAX_ENTRY_BYTES = 131_072;
/** Far beyond what a client asks: the key holds every field, and must not be as long as a client likes. */
const MAX_QUESTION_BYTES = 1_024;
/** They change the answer beyond what a key can hold cheaply. */
const UNCACHED = ["verbose", "system", "template", "options"];
/** Ollama answers this client differently (reference/ollama-api.md 2.8). */
const SPECIAL_CLIENT = /^GitHubCopilotChat\b/;

export interface Shown {
	readonly nodeId: string;
	readonly contentType: string;
	readonly body: Uint8Array<ArrayBuffer>;
}

export class ShowCache {
	readonly #entries = new Map<string, Shown>();

	get(key: string): Shown | undefined {
		const entry = this.#entries.get(key);
		if (!entry) return undefined;
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		return entry;
	}

	/** The least recently used entry gives way. */
	keep(key: string, entry: Shown): void {
		if (entry.body.byteLength > MAX_ENTRY_BYTES) return;
		this.#entries.delete(key);
		const [oldest] = this.#entries.keys();
		if (this.#entries.size >= MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
		this.#entries.set(key, entry);
	}
}

export interface ShowQuestion {
	readonly model: string;
	readonly digest: string | undefined;
	/** The body's fields, names in lower case. */
	readonly given: Readonly<Record<string, unknown>>;
	readonly bodyBytes: number;
	readonly userAgent: string | null;
}

/**
 * What two questions with the same answer share; undefined for a question that is not cached. The name is part of it, whatever its
 * spelling: two names of one digest have different Modelfiles.
 */
export function cacheKey({ model, digest, given, bodyBytes, userAgent }: ShowQuestion): string | undefined {
	if (digest === undefined || bodyBytes > MAX_QUESTION_BYTES || SPECIAL_CLIENT.test(userAgent ?? "")) return undefined;
	if (UNCACHED.some((key) => Boolean(given[key]))) return undefined;
	const rest = Object.entries(given).filter(([key, value]) => key !== "model" && key !== "name" && Boolean(value));
	return JSON.stringify([digest, canonicalName(model), rest]);
}
