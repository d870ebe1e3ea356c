/** One row of `rollups`: what one name counts in one stretch of time. Pure. */
import { type Histogram, merge } from "./histogram.ts";
import { HISTOGRAM_NAMES, type HistogramName, MEASURE_NAMES, type MeasureName, MEASURES } from "./measures.ts";

export type Period = "hour" | "day" | "ever";
/** By what is counted; `pair` is a model on a node. */
export type Facet = "all" | "model" | "node" | "pair" | "app" | "key";

export interface CellKey {
	readonly facet: Facet;
	readonly period: Period;
	/** Epoch seconds, UTC; 0 for ever. */
	readonly start: number;
	readonly name: string;
	/** Of a pair, else "". */
	readonly node_id: string;
}

/** Null where no row said anything of it. */
export type Counts = Record<MeasureName, number | null>;
export type Histograms = Record<HistogramName, Histogram>;
export type Cell = CellKey & Counts & Histograms;

const NO_COUNTS = Object.fromEntries(MEASURE_NAMES.map((name) => [name, null])) as Counts;

export function newCell(key: CellKey): Cell {
	const empty = { latency_histogram: {}, hot_histogram: {}, cold_histogram: {}, prompt_histogram: {}, total_histogram: {} };
	return { ...key, ...NO_COUNTS, ...empty };
}

export function mergeCell(into: Cell, other: Cell): void {
	for (const name of MEASURE_NAMES) into[name] = combined(name, into[name], other[name]);
	for (const name of HISTOGRAM_NAMES) merge(into[name], other[name]);
}

function combined(name: MeasureName, one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return MEASURES[name].combine(one, other);
}

/** Two cells of one key are one row. */
export function keyText({ facet, period, start, name, node_id: nodeId }: CellKey): string {
	// No name of a facet or period has a space in it, and no name of a model, machine, app or key a zero byte
	return `${facet} ${period} ${start} ${name}\0${nodeId}`;
}
