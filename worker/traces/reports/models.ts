/** How much each model is used, and how it answers. */
import type { Models } from "../../protocol/reports.ts";
import { byName, readEver } from "../rollup/read.ts";
import { cellsIn, inRange } from "./in-range.ts";
import type { Range } from "./range.ts";
import { briefOf, summaryOf } from "./stats.ts";

export async function models(database: D1Database, { days, range }: { days: number; range: Range }): Promise<Models> {
	const cells = await cellsIn(database, "model", range);
	const ranged = await inRange(database, { facet: "model", range, cells });
	return {
		days,
		...range,
		daily: cells.map((cell) => ({ model_name: cell.name, day_bucket: cell.start, ...briefOf(cell) })),
		summary: [...byName(await readEver(database, "model"))].map(([name, cell]) => ({ model_name: name, ...summaryOf(cell) })),
		range: ranged.map(({ name, ...rest }) => ({ model_name: name, ...rest })),
	};
}
