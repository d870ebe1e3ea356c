/** How often a quantity fell below each of a few bounds, for each value of one label. */
import type { Family, Sample } from "./family.ts";

interface Series {
	/** One more than there are bounds: the last is what lies above all of them. */
	readonly counts: number[];
	sum: number;
}

export class Histogram {
	readonly #head: Omit<Family, "samples">;
	readonly #label: string;
	readonly #bounds: readonly number[];
	readonly #series = new Map<string, Series>();

	/** `bounds` rise. The caller bounds how many values the label has. */
	constructor(name: string, help: string, { label, bounds }: { label: string; bounds: readonly number[] }) {
		this.#head = { name, help, type: "histogram" };
		this.#label = label;
		this.#bounds = bounds;
	}

	observe(labelValue: string, value: number): void {
		let series = this.#series.get(labelValue);
		if (!series) this.#series.set(labelValue, (series = { counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0 }));
		let index = 0;
		while (index < this.#bounds.length && value > (this.#bounds[index] ?? Infinity)) index++;
		series.counts[index] = (series.counts[index] ?? 0) + 1;
		series.sum += value;
	}

	family(): Family {
		return { ...this.#head, samples: [...this.#series].flatMap(([value, series]) => this.#samplesOf(value, series)) };
	}

	/** Each bucket counts those below it too. */
	#samplesOf(value: string, { counts, sum }: Series): Sample[] {
		const labels = { [this.#label]: value };
		let total = 0;
		const buckets = counts.map((count, index) => {
			total += count;
			const bound = this.#bounds[index];
			return { labels: { ...labels, le: bound === undefined ? "+Inf" : String(bound) }, value: total, suffix: "_bucket" as const };
		});
		return [...buckets, { labels, value: sum, suffix: "_sum" }, { labels, value: total, suffix: "_count" }];
	}
}
