/** Who did what: each model on each machine, day by day. */
import type { Usage } from "../../protocol/reports.ts";
import { readAs } from "../rollup/read.ts";
import type { Range } from "./range.ts";
import { BRIEF, briefOf } from "./stats.ts";

export async function usage(database: D1Database, { days, range }: { days: number; range: Range }): Promise<Usage> {
	const query = { facet: "pair", period: "day", ...range, measures: BRIEF, histograms: [] } as const;
	const data = await readAs(database, query, (cell) => ({
		node_id: cell.node_id,
		model: cell.name,
		day_bucket: cell.start,
		...briefOf(cell),
	}));
	return { days, ...range, data };
}
