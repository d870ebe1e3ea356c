/** Traces become cells. Pure. */
import { type Cell, count, keyText, newCell } from "./cell.ts";
import { keysOf } from "./facets.ts";
import type { CountedRow } from "./measures.ts";

/** More cells than this in one go would hold up the streams: what is imported spreads over many hours. */
const MOST_CELLS = 300;

export interface Folded {
	readonly cells: ReadonlyMap<string, Cell>;
	/** Those that were counted, from the first on. */
	readonly rows: readonly CountedRow[];
}

/** Stops early once there are `mostCells`, but counts at least one row. */
export function fold(rows: readonly CountedRow[], mostCells = MOST_CELLS): Folded {
	const cells = new Map<string, Cell>();
	for (const [index, row] of rows.entries()) {
		if (cells.size >= mostCells) return { cells, rows: rows.slice(0, index) };
		for (const key of keysOf(row)) {
			const text = keyText(key);
			const cell = cells.get(text) ?? newCell(key);
			cells.set(text, cell);
			count(cell, row);
		}
	}
	return { cells, rows };
}
