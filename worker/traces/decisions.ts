/** Decisions beside their traces: written in batches, read one at a time, dropped after a week. */
import { type DecisionReport, DecisionSchema } from "../protocol/decision.ts";

const KEPT_S = 7 * 24 * 3600;
/** At most so many go at once: a long statement would hold up every stream. */
const DROPPED_AT_ONCE = 2_000;

/** A row as JSON, made once: `[request id, epoch seconds, decision]`. A text inside a text would be escaped at every step of its way. */
export type DecisionRow = string & { readonly isDecisionRow: true };

export function decisionRow(requestId: string, timestamp: number, decisionJson: string): DecisionRow {
	return `[${JSON.stringify(requestId)},${timestamp},${decisionJson}]` as DecisionRow;
}

const INSERT = `insert or ignore into decisions (request_id, timestamp, decision)
	select value->>0, value->>1, value->>2 from json_each(?)`;

export async function insertDecisions(database: D1Database, rows: readonly DecisionRow[]): Promise<void> {
	await database
		.prepare(INSERT)
		.bind(`[${rows.join(",")}]`)
		.run();
}

/** Undefined when there is none: never placed, or longer ago than a week. */
export async function keptDecision(database: D1Database, requestId: string): Promise<DecisionReport | undefined> {
	const row = await database.prepare("select decision from decisions where request_id = ?").bind(requestId).first<{ decision: string }>();
	return row ? DecisionSchema.safeParse(JSON.parse(row.decision)).data : undefined;
}

const DROP = `delete from decisions where id in
	(select id from (select id, timestamp from decisions order by id limit ?2) where timestamp < ?1)`;

/** `now` is epoch milliseconds. Looks at the oldest only. */
export async function dropOldDecisions(database: D1Database, now: number): Promise<void> {
	await database
		.prepare(DROP)
		.bind(now / 1000 - KEPT_S, DROPPED_AT_ONCE)
		.run();
}
