/** Writes millions of traces and their rollups straight into the SQLite file, with the router's own statements and sums. */
import { DatabaseSync } from "node:sqlite";
import { insertTraces } from "../../../../worker/traces/store.ts";
import { type Cell, keyText, mergeCell } from "../../../../worker/traces/rollup/cell.ts";
import { PERIOD_S } from "../../../../worker/traces/rollup/facets.ts";
import { Folding } from "../../../../worker/traces/rollup/fold.ts";
import type { CountedRow } from "../../../../worker/traces/rollup/measures.ts";
import { writeCounted } from "../../../../worker/traces/rollup/store.ts";
import type { Trace } from "../../../../worker/protocol/trace.ts";
import { Draws } from "../../routing/draws.ts";
import { asD1 } from "./as-d1.ts";
import { drawTrace } from "./draw-trace.ts";

const DAYS = 90;
const ROWS_AT_ONCE = 2_000;

export interface Filling {
	readonly rows: number;
	readonly seed: number;
	/** Epoch seconds of the last row. */
	readonly until: number;
	readonly say: (line: string) => void;
}

/** The file must have its tables, and no rows. */
export async function fill(path: string, { rows, seed, until, say }: Filling): Promise<void> {
	const file = new DatabaseSync(path);
	// Nothing is lost that can't be written again
	file.exec("pragma synchronous = off; pragma cache_size = -1000000; pragma temp_store = memory");
	const database = asD1(file);
	const draws = new Draws(seed);
	const open = new Map<string, Cell>();
	for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
		const at = (index: number) => until - (1 - index / rows) * DAYS * PERIOD_S.day;
		const traces = Array.from({ length: Math.min(ROWS_AT_ONCE, rows - from) }, (_, index) =>
			drawTrace(draws, from + index, at(from + index)),
		);
		await insertTraces(database, traces);
		await count(database, { open, from, traces, isLast: from + ROWS_AT_ONCE >= rows });
		if (from % (rows / 10) < ROWS_AT_ONCE) say(`  ${Math.round((100 * from) / rows)} % of ${rows.toLocaleString("en")} rows`);
	}
	file.exec("pragma wal_checkpoint(truncate)");
	file.close();
}

interface Slice {
	/** Cells whose time is not over. */
	readonly open: Map<string, Cell>;
	/** Ids of the rows are one more than their index. */
	readonly from: number;
	readonly traces: readonly Trace[];
	readonly isLast: boolean;
}

async function count(database: D1Database, { open, from, traces, isLast }: Slice): Promise<void> {
	const rows = traces.map((trace, index) => countedRow(trace, from + index + 1));
	const folding = new Folding(Infinity);
	folding.add(rows);
	for (const [text, cell] of folding.cells()) {
		const known = open.get(text);
		if (known) mergeCell(known, cell);
		else open.set(text, cell);
	}
	const now = traces.at(-1)?.timestamp ?? 0;
	const over = [...open.values()].filter(({ period, start }) => isLast || (period !== "ever" && start + PERIOD_S[period] <= now));
	for (const cell of over) open.delete(keyText(cell));
	await writeCounted(database, { from, through: from + rows.length, cells: over, rows });
}

function countedRow({ tags, fallback_used: fallbackUsed, ...trace }: Trace, id: number): CountedRow {
	return { ...trace, id, apps: tags ?? [], fallback_used: Number(fallbackUsed) };
}
