/**
 * Counts traces into the rollups, a slice at a time and each exactly once: the sums and the mark of how far they reach are
 * written together, and ids only grow. What is imported later is counted like any other row. One caller at a time.
 */
import { AppNames } from "./apps.ts";
import { type Cell, keyText, mergeCell } from "./cell.ts";
import { fold } from "./fold.ts";
import { countedThrough, knownApps, rowsAfter, storedCells, writeCounted } from "./store.ts";

const ROWS_AT_ONCE = 1_000;

export class RollUp {
	readonly #database: D1Database;
	#apps: AppNames | undefined;

	constructor(database: D1Database) {
		this.#database = database;
	}

	/** Counts the next slice; true while there may be more. */
	async step(): Promise<boolean> {
		const from = await countedThrough(this.#database);
		const rows = await rowsAfter(this.#database, from, ROWS_AT_ONCE);
		if (rows.length === 0) return false;
		const apps = (this.#apps ??= new AppNames(await knownApps(this.#database)));
		const { cells, rows: counted } = fold(rows.map((row) => ({ ...row, apps: apps.counted(row.apps) })));
		const through = counted.at(-1)?.id ?? from;
		const merged = await this.#withStored(cells);
		await writeCounted(this.#database, { from, through, cells: merged, rows: rows.slice(0, counted.length) });
		return counted.length < rows.length || rows.length === ROWS_AT_ONCE;
	}

	async #withStored(cells: ReadonlyMap<string, Cell>): Promise<Cell[]> {
		const all = [...cells.values()];
		for (const stored of await storedCells(this.#database, all)) {
			const cell = cells.get(keyText(stored));
			if (cell) mergeCell(cell, stored);
		}
		return all;
	}
}
