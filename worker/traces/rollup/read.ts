/** Reading the rollups: everything a page shows comes through here, and no more rows than a stream can wait for. */
import { type Cell, type Facet, mergeCell, newCell, type Period } from "./cell.ts";
import { MEASURE_NAMES, type HistogramName } from "./measures.ts";
import { cellOf, type StoredCell } from "./store.ts";

/** A longer query would be felt by every stream. */
const MOST_CELLS = 20_000;

export interface CellQuery {
	readonly facet: Facet;
	readonly period: Period;
	/** Epoch seconds: the first bucket, and the first one too many. */
	readonly start: number;
	readonly end: number;
	/** Only of this one. */
	readonly name?: string;
	/** The others are left empty. */
	readonly histograms: readonly HistogramName[];
}

/** By time. The newest, when there are more than can be read. */
export async function readCells(database: D1Database, { facet, period, start, end, name, histograms }: CellQuery): Promise<Cell[]> {
	const columns = ["facet", "period", "start", "name", "node_id", ...MEASURE_NAMES, ...histograms];
	const named = name === undefined ? "" : "and name = ?5";
	const statement = `select ${columns.join(", ")} from rollups where facet = ?1 and period = ?2 and start >= ?3 and start < ?4 ${named}
		order by start desc limit ${MOST_CELLS}`;
	const bound = name === undefined ? [facet, period, start, end] : [facet, period, start, end, name];
	const { results } = await database
		.prepare(statement)
		.bind(...bound)
		.all<StoredCell>();
	return results.map(cellOf).reverse();
}

/** Of all time. */
export function readEver(database: D1Database, facet: Facet): Promise<Cell[]> {
	return readCells(database, { facet, period: "ever", start: 0, end: 1, histograms: [] });
}

/** What several cells of one facet count together. */
export function together(cells: readonly Cell[]): Cell {
	const sum = newCell({ facet: "all", period: "ever", start: 0, name: "", node_id: "" });
	for (const cell of cells) mergeCell(sum, cell);
	return sum;
}

/** The same by name, the one with the most requests first. */
export function byName(cells: readonly Cell[]): Map<string, Cell> {
	const groups = Map.groupBy(cells, ({ name }) => name);
	const sums = [...groups].map(([name, group]) => [name, together(group)] as const);
	return new Map(sums.toSorted(([, one], [, other]) => (other.request_count ?? 0) - (one.request_count ?? 0)));
}
