/** Who asks: by tag, or by key. A request with several tags counts for each. */
import type { Apps, AppsDaily } from "../../protocol/reports.ts";
import { byName, readAs, readEver } from "../rollup/read.ts";
import { cellsIn, inRange } from "./in-range.ts";
import type { Range } from "./range.ts";
import { BRIEF, briefOf, summaryOf } from "./stats.ts";

export interface AppsWish {
	readonly days: number;
	readonly range: Range;
	readonly by: "app" | "key";
}

export async function apps(database: D1Database, { days, range, by: facet }: AppsWish): Promise<Apps> {
	const ranged = await inRange(database, { facet, range, cells: await cellsIn(database, facet, range) });
	return {
		days,
		...range,
		data: ranged.map(({ name, ...rest }) => ({ tag: name, ...rest })),
		summary: [...byName(await readEver(database, facet))].map(([tag, cell]) => ({ tag, ...summaryOf(cell) })),
	};
}

export async function appsDaily(database: D1Database, { days, range, by: facet }: AppsWish): Promise<AppsDaily> {
	const query = { facet, period: "day", ...range, measures: BRIEF, histograms: [] } as const;
	const data = await readAs(database, query, (cell) => ({ tag: cell.name, day_bucket: cell.start, ...briefOf(cell) }));
	return { days, ...range, data };
}
