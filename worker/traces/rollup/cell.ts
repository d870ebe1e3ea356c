/** One row of `rollups`: what one name counts in one stretch of time. Pure. */
import { type Histogram, merge, put } from "./histogram.ts";
import { type CountedRow, HISTOGRAM_NAMES, type HistogramName, HISTOGRAMS, MEASURE_NAMES, type MeasureName, MEASURES } from "./measures.ts";

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

export function newCell(key: CellKey): Cell {
	const counts = Object.fromEntries(MEASURE_NAMES.map((name) => [name, null])) as Counts;
	const histograms = Object.fromEntries(HISTOGRAM_NAMES.map((name) => [name, {}])) as Histograms;
	return { ...key, ...counts, ...histograms };
}

export function count(cell: Cell, row: CountedRow): void {
	for (const name of MEASURE_NAMES) cell[name] = combined(name, cell[name], MEASURES[name].of(row));
	for (const name of HISTOGRAM_NAMES) {
		const value = HISTOGRAMS[name](row);
		if (value !== null) put(cell[name], value);
	}
}

export function mergeCell(into: Cell, other: Cell): void {
	mergeCounts(into, other);
	for (const name of HISTOGRAM_NAMES) merge(into[name], other[name]);
}

export function mergeCounts(into: Counts, other: Counts): void {
	for (const name of MEASURE_NAMES) into[name] = combined(name, into[name], other[name]);
}

function combined(name: MeasureName, one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return MEASURES[name].combine(one, other);
}

/** Two cells of one key are one row. */
export function keyText({ facet, period, start, name, node_id: nodeId }: CellKey): string {
	return JSON.stringify([facet, period, start, name, nodeId]);
}
