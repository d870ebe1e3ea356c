/** Reading the rollups: everything a page shows comes through here, in bites that no stream has to wait for long. */
import { rest } from "../rest.ts";
import { type Cell, type Facet, mergeCell, newCell, type Period } from "./cell.ts";
import { type HistogramName, MEASURE_NAMES, type MeasureName } from "./measures.ts";
import { cellsOf, KEY_NAMES } from "./stored-cell.ts";

/** Some 10 ms, of which histograms are the most. */
const CELLS_AT_ONCE = { plain: 1_000, withHistograms: 250 };
/** More than anybody draws. */
const MOST_CELLS = 40_000;

export interface CellQuery {
	readonly facet: Facet;
	readonly period: Period;
	/** Epoch seconds: the first bucket, and the first one too many. */
	readonly start: number;
	readonly end: number;
	/** Only of this one. */
	readonly name?: string;
	/** All when absent; the others are left empty. */
	readonly measures?: readonly MeasureName[];
	readonly histograms: readonly HistogramName[];
}

/** By time. */
export function readCells(database: D1Database, query: CellQuery): Promise<Cell[]> {
	return readAs(database, query, (cell) => cell);
}

/** The same in another form: of many cells, which are large, only a bite is held at a time. */
export async function readAs<Row>(database: D1Database, query: CellQuery, form: (cell: Cell) => Row): Promise<Row[]> {
	const rows: Row[] = [];
	const limit = query.histograms.length > 0 ? CELLS_AT_ONCE.withHistograms : CELLS_AT_ONCE.plain;
	for (let more = true, last: Cell | undefined; more && rows.length < MOST_CELLS;) {
		await rest();
		const cells = await readBite(database, query, { last, limit });
		for (const cell of cells) rows.push(form(cell));
		last = cells.at(-1);
		more = cells.length === limit;
	}
	return rows;
}

async function readBite(
	database: D1Database,
	query: CellQuery,
	{ last, limit }: { last: Cell | undefined; limit: number },
): Promise<Cell[]> {
	const { facet, period, start, end, name, measures = MEASURE_NAMES, histograms } = query;
	const columns = [...measures, ...histograms];
	const statement = `select ${[...KEY_NAMES, ...columns].join(", ")} from rollups
		where facet = ?1 and period = ?2 and start < ?3 and (start, name, node_id) > (?4, ?5, ?6) and (?7 is null or name = ?7)
		order by start, name, node_id limit ${limit}`;
	// Before any name of the first bucket
	const from = last ? [last.start, last.name, last.node_id] : [start - 1, "", ""];
	const rows = await database
		.prepare(statement)
		.bind(facet, period, end, ...from, name ?? null)
		.raw();
	return cellsOf(rows, columns);
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
