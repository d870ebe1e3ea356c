/**
 * Counts traces into the rollups, a slice at a time and each exactly once: the sums and the mark of how far they reach are
 * written together, and ids only grow. What is imported later is counted like any other row. One caller at a time.
 */
import { rest } from "../rest.ts";
import { AppNames } from "./apps.ts";
import { type Cell, keyText, mergeCell } from "./cell.ts";
import { Folding } from "./fold.ts";
import type { CountedRow } from "./measures.ts";
import { countedThrough, knownApps, rowsAfter, storedCells, writeCounted } from "./store.ts";

/** Each slice reads and writes the rows that it adds to, so it is worth some pages of new ones. */
const PAGES = 4;
const ROWS_OF_A_PAGE = 1_000;
/** With their histograms. */
const CELLS_AT_ONCE = 150;

export class RollUp {
	readonly #database: D1Database;
	#apps: AppNames | undefined;

	constructor(database: D1Database) {
		this.#database = database;
	}

	/** Counts the next slice; true while there may be more. */
	async step(): Promise<boolean> {
		const from = await countedThrough(this.#database);
		const { folding, rows, more } = await this.#readAfter(from);
		const last = rows.at(-1);
		if (!last) return false;
		const cells = await this.#withStored(folding.cells());
		await rest();
		await writeCounted(this.#database, { from, through: last.id, cells, rows });
		return more;
	}

	async #readAfter(from: number): Promise<{ folding: Folding; rows: CountedRow[]; more: boolean }> {
		const folding = new Folding();
		const counted: CountedRow[] = [];
		for (let page = 0; page < PAGES; page++) {
			await rest();
			const rows = await rowsAfter(this.#database, counted.at(-1)?.id ?? from, ROWS_OF_A_PAGE);
			if (rows.length > 0) this.#apps ??= new AppNames(await knownApps(this.#database));
			const { length } = folding.add(rows.map((row) => ({ ...row, apps: this.#apps?.counted(row.apps) ?? [] })));
			counted.push(...rows.slice(0, length));
			if (length < rows.length) return { folding, rows: counted, more: true };
			if (length < ROWS_OF_A_PAGE) return { folding, rows: counted, more: false };
		}
		return { folding, rows: counted, more: true };
	}

	async #withStored(cells: ReadonlyMap<string, Cell>): Promise<Cell[]> {
		const all = [...cells.values()];
		for (let from = 0; from < all.length; from += CELLS_AT_ONCE) {
			await rest();
			for (const stored of await storedCells(this.#database, all.slice(from, from + CELLS_AT_ONCE))) {
				const cell = cells.get(keyText(stored));
				if (cell) mergeCell(cell, stored);
			}
		}
		return all;
	}
}
