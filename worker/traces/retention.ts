/** Old traces go in small slices: a long statement would hold up every stream. What was counted of them stays. */

const DROPPED_AT_ONCE = 500;
/** Never one that the rollups still lack. */
const OLD = `select id from (select id from request_traces where timestamp < ?1 order by timestamp limit ${DROPPED_AT_ONCE})
	where id <= (select through from rollup_progress)`;
const DROP_APPS = `delete from trace_apps where (app, timestamp, id) in
	(select tag.value, trace.timestamp, trace.id from request_traces as trace, json_each(trace.tags) as tag where trace.id in (${OLD}))`;
const DROP_TRACES = `delete from request_traces where id in (${OLD})`;

/** `before` is in epoch seconds. True while there may be more. */
export async function dropOldTraces(database: D1Database, before: number): Promise<boolean> {
	const results = await database.batch([DROP_APPS, DROP_TRACES].map((statement) => database.prepare(statement).bind(before)));
	return (results[1]?.meta.changes ?? 0) >= DROPPED_AT_ONCE;
}
