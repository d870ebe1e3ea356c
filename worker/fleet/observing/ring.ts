/** The latest so many of something. Adding one costs the same however many are kept. */
export class Ring<T> {
	readonly #most: number;
	readonly #kept: T[] = [];
	#next = 0;

	constructor(most: number) {
		this.#most = most;
	}

	push(value: T): void {
		this.#kept[this.#next] = value;
		this.#next = (this.#next + 1) % this.#most;
	}

	/** Oldest first. */
	values(): T[] {
		if (this.#kept.length < this.#most) return [...this.#kept];
		return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
	}
}
