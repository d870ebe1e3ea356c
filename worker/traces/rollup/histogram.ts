/**
 * Counts in log-spaced buckets, as DDSketch has them: two can be added, and a percentile read from one is within `ERROR_RATIO`
 * of a value that was put in. Values up to 1 share the first bucket. Pure.
 */

/** Bucket number to count. */
export type Histogram = Record<number, number>;

/** At most so far from the truth, as a share of it. */
export const ERROR_RATIO = 0.05;
const GROWTH = (1 + ERROR_RATIO) / (1 - ERROR_RATIO);
const LOG_GROWTH = Math.log(GROWTH);

export function bucketOf(value: number): number {
	return value <= 1 ? 0 : Math.ceil(Math.log(value) / LOG_GROWTH);
}

export function put(histogram: Histogram, bucket: number): void {
	histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

export function merge(into: Histogram, other: Histogram): void {
	for (const [bucket, count] of Object.entries(other)) into[Number(bucket)] = (into[Number(bucket)] ?? 0) + count;
}

export function merged(histograms: readonly Histogram[]): Histogram {
	const all: Histogram = {};
	for (const histogram of histograms) merge(all, histogram);
	return all;
}

export function countOf(histogram: Histogram): number {
	return Object.values(histogram).reduce((sum, count) => sum + count, 0);
}

/** The value that `ratio` of all are not above (nearest rank); null of nothing. */
export function percentile(histogram: Histogram, ratio: number): number | null {
	const wanted = Math.max(1, Math.ceil(ratio * countOf(histogram)));
	let seen = 0;
	// Integer keys come in ascending order
	for (const [bucket, count] of Object.entries(histogram)) {
		seen += count;
		if (seen >= wanted) return middleOf(Number(bucket));
	}
	return null;
}

function middleOf(bucket: number): number {
	return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1);
}
