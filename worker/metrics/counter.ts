/** A number that only grows, for each set of label values. */
import type { Family } from "./family.ts";

/** A server of Prometheus keeps each set for weeks: beyond this the rest counts as `other`. */
const MOST_SETS = 5_000;
const OTHER = "other";
/** No label value holds it. */
const SEPARATOR = "\u0000";

export class Counter {
	readonly #head: Omit<Family, "samples">;
	readonly #labels: readonly string[];
	readonly #values = new Map<string, number>();

	constructor(name: string, help: string, labels: readonly string[]) {
		this.#head = { name, help, type: "counter" };
		this.#labels = labels;
	}

	/** `values` in the order of the labels. */
	add(values: readonly string[], by = 1): void {
		const key = values.join(SEPARATOR);
		const before = this.#values.get(key);
		if (before === undefined && this.#values.size >= MOST_SETS) this.#grow(this.#labels.map(() => OTHER).join(SEPARATOR), by);
		else this.#values.set(key, (before ?? 0) + by);
	}

	family(): Family {
		const samples = [...this.#values].map(([key, value]) => {
			const values = key.split(SEPARATOR);
			return { labels: Object.fromEntries(this.#labels.map((label, index) => [label, values[index] ?? ""])), value };
		});
		return { ...this.#head, samples };
	}

	#grow(key: string, by: number): void {
		this.#values.set(key, (this.#values.get(key) ?? 0) + by);
	}
}
