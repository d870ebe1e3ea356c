/** The apps of a request are its tags, which clients choose: a program that never sends the same twice must not fill the rollups. Pure. */

/** So many have rows of their own; later ones share one. */
const MOST_APPS = 1_000;
export const OTHER_APPS = "(other)";

/** The tags of a trace, each once. */
export function appsOf(tags: string | null): string[] {
	if (tags === null) return [];
	try {
		const parsed: unknown = JSON.parse(tags);
		return Array.isArray(parsed) ? [...new Set(parsed.filter((tag) => typeof tag === "string"))] : [];
	} catch {
		return [];
	}
}

export class AppNames {
	readonly #known: Set<string>;
	readonly #most: number;

	constructor(known: Iterable<string>, most = MOST_APPS) {
		this.#known = new Set(known);
		this.#most = most;
	}

	/** As they are counted. */
	counted(apps: readonly string[]): string[] {
		return [...new Set(apps.map((app) => (this.#admits(app) ? app : OTHER_APPS)))];
	}

	#admits(app: string): boolean {
		if (!this.#known.has(app) && this.#known.size < this.#most) this.#known.add(app);
		return this.#known.has(app);
	}
}
