/** Hour by hour, and the stretch before to compare with: of everything, or of one model, machine, app or key. */
import type { Trends } from "../../protocol/reports.ts";
import type { Facet } from "../rollup/cell.ts";
import { readCells, together } from "../rollup/read.ts";
import { before, type Range } from "./range.ts";
import { statsOf, TIMES, timesOf } from "./stats.ts";

export interface TrendsWish {
	readonly hours: number;
	readonly range: Range;
	readonly facet: Exclude<Facet, "pair">;
	/** "" for everything. */
	readonly name: string;
}

export async function trends(database: D1Database, { hours, range, facet, name }: TrendsWish): Promise<Trends> {
	const earlier = before(range);
	const cells = await readCells(database, { facet, period: "hour", ...range, name, histograms: TIMES });
	const previous = together(await readCells(database, { facet, period: "hour", ...earlier, name, histograms: TIMES }));
	const all = together(cells);
	return {
		hours,
		...range,
		data: cells.map((cell) => ({ hour_bucket: cell.start, ...statsOf(cell), ...timesOf(cell) })),
		totals: { ...statsOf(all), ...timesOf(all) },
		previous: { ...earlier, totals: { ...statsOf(previous), ...timesOf(previous) } },
	};
}
