/** What each name counted in a stretch of time, beside the one before. */
import type { Stats, Times } from "../../protocol/reports.ts";
import type { Cell, Facet } from "../rollup/cell.ts";
import { byName, readCells } from "../rollup/read.ts";
import { before, type Range } from "./range.ts";
import { statsOf, TIMES, timesOf } from "./stats.ts";

export interface InRange extends Stats, Times {
	readonly name: string;
	readonly previous_request_count: number;
}

export function cellsIn(database: D1Database, facet: Facet, range: Range): Promise<Cell[]> {
	return readCells(database, { facet, period: "day", ...range, histograms: TIMES });
}

/** The most used first. `cells` are those of the range. */
export async function inRange(
	database: D1Database,
	{ facet, range, cells }: { facet: Facet; range: Range; cells: readonly Cell[] },
): Promise<InRange[]> {
	const earlier = byName(
		await readCells(database, { facet, period: "day", ...before(range), measures: ["request_count"], histograms: [] }),
	);
	return [...byName(cells)].map(([name, cell]) => ({
		name,
		...statsOf(cell),
		...timesOf(cell),
		previous_request_count: earlier.get(name)?.request_count ?? 0,
	}));
}
