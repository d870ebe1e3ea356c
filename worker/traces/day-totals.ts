/** What the requests of the last day add up to: asked once, when the router starts. */
import { PART_S, type TotalsPart } from "../protocol/day-totals.ts";

/** Few enough to read while streams run. Of a very busy fleet that is not the whole day. */
const ROWS_READ = 20_000;
const DAY_S = 24 * 3600;
/** A load takes longer than finding the model in memory. */
const SHORTEST_LOAD_MS = 100;

const TOTALS = `select cast(timestamp / ${PART_S} as integer) as part, count(*) as requests, sum(status = 'failed') as failed,
		sum(retry_count) as retries, sum(status = 'client_disconnected') as disconnects, sum(status = 'incomplete') as incomplete,
		sum(coalesce(load_ms, 0) >= ${SHORTEST_LOAD_MS}) as loads, count(time_to_first_token_ms) as firstTokens,
		coalesce(sum(time_to_first_token_ms), 0) as firstTokensMs
	from (select timestamp, status, retry_count, load_ms, time_to_first_token_ms from request_traces
		where timestamp > ?1 and timestamp <= ?2 order by timestamp desc limit ?3)
	group by part`;

/** Up to `until`, in epoch milliseconds. */
export async function dayTotals(database: D1Database, until: number): Promise<TotalsPart[]> {
	const end = until / 1000;
	const { results } = await database
		.prepare(TOTALS)
		.bind(end - DAY_S, end, ROWS_READ)
		.all<TotalsPart & Record<string, unknown>>();
	return results;
}
