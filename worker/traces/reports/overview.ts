/** All requests there ever were. */
import type { Overview } from "../../protocol/reports.ts";
import { readEver, together } from "../rollup/read.ts";
import { statsOf } from "./stats.ts";

/** Ids only grow, so their distance is how many rows there are; a few more where some were dropped. */
const UNCOUNTED = `select coalesce(max(0, (select max(id) from request_traces) - (select through from rollup_progress)), 0) as uncounted`;

export async function overview(database: D1Database): Promise<Overview> {
	const all = together(await readEver(database, "all"));
	const models = await readEver(database, "model");
	const left = await database.prepare(UNCOUNTED).first<{ uncounted: number }>();
	return {
		...statsOf(all),
		total_requests: all.request_count ?? 0,
		models_count: models.length,
		first_seen: all.first_at,
		uncounted: left?.uncounted ?? 0,
	};
}
