/** Traces become cells. Pure. */
import { type Cell, type CellKey, count, keyText, mergeCell, newCell } from "./cell.ts";
import { keysOf, longer } from "./facets.ts";
import { type CountedRow, worthOf } from "./measures.ts";

/** More cells than this in one go would hold up the streams: what is imported spreads over many hours. */
const MOST_CELLS = 300;

export interface Folded {
	readonly cells: ReadonlyMap<string, Cell>;
	/** Those that were counted, from the first on. */
	readonly rows: readonly CountedRow[];
}

/** Stops early once there are `mostCells` of the shortest period, but counts at least one row. */
export function fold(rows: readonly CountedRow[], mostCells = MOST_CELLS): Folded {
	const cells = new Map<string, Cell>();
	let counted = 0;
	while (counted < rows.length && cells.size < mostCells) {
		const row = rows[counted++];
		if (row) countRow(cells, row);
	}
	const shortest = [...cells.values()];
	for (const cell of shortest) for (const key of longer(cell)) mergeCell(cellIn(cells, key), cell);
	return { cells, rows: rows.slice(0, counted) };
}

function countRow(cells: Map<string, Cell>, row: CountedRow): void {
	const worth = worthOf(row);
	for (const key of keysOf(row)) count(cellIn(cells, key), worth);
}

function cellIn(cells: Map<string, Cell>, key: CellKey): Cell {
	const text = keyText(key);
	const found = cells.get(text);
	if (found) return found;
	const made = newCell(key);
	cells.set(text, made);
	return made;
}
