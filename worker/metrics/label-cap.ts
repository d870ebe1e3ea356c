/** Names that may become label values: the first so many, the rest together, so that clients can't make the series explode. */

const OTHER = "other";

export class LabelCap {
	readonly #most: number;
	readonly #names = new Set<string>();

	constructor(most: number) {
		this.#most = most;
	}

	/** The name itself, or `other`. */
	of(name: string): string {
		if (this.#names.has(name)) return name;
		if (this.#names.size >= this.#most) return OTHER;
		this.#names.add(name);
		return name;
	}

	has(name: string): boolean {
		return this.#names.has(name);
	}
}
