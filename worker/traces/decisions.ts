/** Decisions beside their traces: written in batches, read one at a time, dropped after a week. */
import { type DecisionReport, DecisionSchema } from "../protocol/decision.ts";

const KEPT_S = 7 * 24 * 3600;
/** At most so many go at once: a long statement would hold up every stream. */
const DROPPED_AT_ONCE = 2_000;

export interface DecisionRow {
	readonly request_id: string;
	/** Epoch seconds. */
	readonly timestamp: number;
	/** JSON. */
	readonly decision: string;
}

const INSERT = `insert or ignore into decisions (request_id, timestamp, decision)
	select value->>0, value->>1, value->>2 from json_each(?)`;

export async function insertDecisions(database: D1Database, rows: readonly DecisionRow[]): Promise<void> {
	const values = rows.map(({ request_id: id, timestamp, decision }) => [id, timestamp, decision]);
	await database.prepare(INSERT).bind(JSON.stringify(values)).run();
}

/** Undefined when there is none: never placed, or longer ago than a week. */
export async function keptDecision(database: D1Database, requestId: string): Promise<DecisionReport | undefined> {
	const row = await database.prepare("select decision from decisions where request_id = ?").bind(requestId).first<{ decision: string }>();
	return row ? DecisionSchema.safeParse(JSON.parse(row.decision)).data : undefined;
}

/** `now` is epoch milliseconds. */
export async function dropOldDecisions(database: D1Database, now: number): Promise<void> {
	await database
		.prepare("delete from decisions where request_id in (select request_id from decisions where timestamp < ? order by timestamp limit ?)")
		.bind(now / 1000 - KEPT_S, DROPPED_AT_ONCE)
		.run();
}
