/** Which stretch of time a report is of. Pure. */
import { PERIOD_S, startOf } from "../rollup/facets.ts";

/** Epoch seconds, whole buckets; `end` is the first instant after it. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

export interface Wanted {
	readonly period: keyof typeof PERIOD_S;
	/** So many hours or days back from now. */
	readonly buckets: number;
	/** Epoch seconds; when both are given they count instead. */
	readonly startTs: number;
	readonly endTs: number;
}

/** `now` is in epoch milliseconds. */
export function rangeOf({ period, buckets, startTs, endTs }: Wanted, now: number): Range {
	const seconds = PERIOD_S[period];
	const given = startTs !== 0 && endTs !== 0;
	const [from, to] = given ? [startTs, endTs] : [now / 1000 - buckets * seconds, now / 1000];
	return { start: startOf(period, from), end: Math.ceil(to / seconds) * seconds };
}

/** The stretch of the same length before. */
export function before({ start, end }: Range): Range {
	return { start: 2 * start - end, end: start };
}
