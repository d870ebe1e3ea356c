/** How much each model is asked for. */
import type { ModelUsage, NodeModelUsage } from "../protocol/model-usage.ts";

/** The latest so many requests are plenty to rank models by, and few enough to read while streams run. */
const ROWS_READ = 20_000;
const DAY_S = 24 * 3600;
const WEEK_S = 7 * DAY_S;

const USAGE = `select model, sum(timestamp > ?2) as day, count(*) as week, max(timestamp) as latest
	from (select model, timestamp, status from request_traces where timestamp > ?1 and timestamp <= ?3 order by timestamp desc limit ?4)
	where status <> 'rejected' group by model`;

/** Up to `until`, in epoch milliseconds. */
export async function modelUsage(database: D1Database, until: number): Promise<ModelUsage[]> {
	const end = until / 1000;
	const { results } = await database
		.prepare(USAGE)
		.bind(end - WEEK_S, end - DAY_S, end, ROWS_READ)
		.all<ModelUsage & Record<string, unknown>>();
	return results.map(({ model, day, week, latest }) => ({ model, day, week, latest }));
}

/** Of every model on every node; a row for each, however many requests there were. */
export async function usageByNode(database: D1Database): Promise<NodeModelUsage[]> {
	const { results } = await database
		.prepare("select node_id, model, requests, last_used from model_usage")
		.all<NodeModelUsage & Record<string, unknown>>();
	return results.map(({ node_id, model, requests, last_used }) => ({ node_id, model, requests, last_used }));
}
