/** A cell while rows are counted into it: once per row and facet, so in plain arrays, by the places of the names. Pure. */
import { type Cell, type CellKey, newCell } from "./cell.ts";
import { type Histogram, put } from "./histogram.ts";
import { HISTOGRAM_NAMES, MEASURE_NAMES, MEASURES, type Worth } from "./measures.ts";

const COMBINE = MEASURE_NAMES.map((name) => MEASURES[name].combine);

export class Tally {
	readonly #key: CellKey;
	readonly #counts: (number | null)[] = MEASURE_NAMES.map(() => null);
	readonly #histograms: Histogram[] = HISTOGRAM_NAMES.map(() => ({}));

	constructor(key: CellKey) {
		this.#key = key;
	}

	count({ counts, buckets }: Worth): void {
		for (let place = 0; place < COMBINE.length; place++) {
			const [before, value, combine] = [this.#counts[place] ?? null, counts[place] ?? null, COMBINE[place]];
			if (value !== null && combine) this.#counts[place] = before === null ? value : combine(before, value);
		}
		for (let place = 0; place < buckets.length; place++) {
			const [bucket, histogram] = [buckets[place] ?? null, this.#histograms[place]];
			if (bucket !== null && histogram) put(histogram, bucket);
		}
	}

	toCell(): Cell {
		const cell = newCell(this.#key);
		for (const [place, name] of MEASURE_NAMES.entries()) cell[name] = this.#counts[place] ?? null;
		for (const [place, name] of HISTOGRAM_NAMES.entries()) cell[name] = this.#histograms[place] ?? {};
		return cell;
	}
}
