/** Traces become cells. Pure. */
import { type Cell, type CellKey, keyText, mergeCell, newCell } from "./cell.ts";
import { keysOf, longer } from "./facets.ts";
import { type CountedRow, worthOf } from "./measures.ts";
import { Tally } from "./tally.ts";

/** More cells than this in one go would hold up the streams: what is imported spreads over many hours. */
const MOST_CELLS = 300;

export class Folding {
	readonly #tallies = new Map<string, Tally>();
	readonly #most: number;

	constructor(mostCells = MOST_CELLS) {
		this.#most = mostCells;
	}

	/** Those that were counted, from the first on: not all once there are too many cells, but one at least of the first rows. */
	add(rows: readonly CountedRow[]): readonly CountedRow[] {
		let counted = 0;
		while (counted < rows.length && this.#tallies.size < this.#most) {
			const row = rows[counted++];
			if (row) countRow(this.#tallies, row);
		}
		return rows.slice(0, counted);
	}

	cells(): Map<string, Cell> {
		return withLonger([...this.#tallies.values()].map((tally) => tally.toCell()));
	}
}

function countRow(tallies: Map<string, Tally>, row: CountedRow): void {
	const worth = worthOf(row);
	for (const key of keysOf(row)) {
		const text = keyText(key);
		const found = tallies.get(text) ?? new Tally(key);
		tallies.set(text, found);
		found.count(worth);
	}
}

/** Hours make days, and all of them ever. */
function withLonger(shortest: readonly Cell[]): Map<string, Cell> {
	const cells = new Map(shortest.map((cell) => [keyText(cell), cell]));
	for (const cell of shortest) for (const key of longer(cell)) mergeCell(cellIn(cells, key), cell);
	return cells;
}

function cellIn(cells: Map<string, Cell>, key: CellKey): Cell {
	const text = keyText(key);
	const found = cells.get(text) ?? newCell(key);
	cells.set(text, found);
	return found;
}
