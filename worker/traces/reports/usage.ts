/** Who did what: each model on each machine, day by day. */
import type { Usage } from "../../protocol/reports.ts";
import { readCells } from "../rollup/read.ts";
import type { Range } from "./range.ts";
import { statsOf } from "./stats.ts";

export async function usage(database: D1Database, { days, range }: { days: number; range: Range }): Promise<Usage> {
	const cells = await readCells(database, { facet: "pair", period: "day", ...range, histograms: [] });
	const data = cells.map((cell) => ({ node_id: cell.node_id, model: cell.name, day_bucket: cell.start, ...statsOf(cell) }));
	return { days, ...range, data };
}
