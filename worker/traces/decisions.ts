/**
 * Decisions beside their traces: written in bundles, read one at a time, dropped after a week. One row for many, because nobody ever
 * asks for several at once, and a row each cost the database as much as the traces themselves.
 */
import { type DecisionReport, DecisionSchema } from "../protocol/decision.ts";

const KEPT_S = 7 * 24 * 3600;
/** At most so many bundles go at once: a long statement would hold up every stream. */
const DROPPED_AT_ONCE = 500;

export interface DecisionRow {
	readonly requestId: string;
	/** Of its trace, epoch seconds. */
	readonly timestamp: number;
	/** JSON. */
	readonly decision: string;
}

export async function insertDecisions(database: D1Database, rows: readonly DecisionRow[]): Promise<void> {
	const times = rows.map(({ timestamp }) => timestamp);
	const bundle = `{${rows.map(({ requestId, decision }) => `${JSON.stringify(requestId)}:${decision}`).join(",")}}`;
	await database
		.prepare("insert into decisions (first, last, bundle) values (?, ?, ?)")
		.bind(Math.min(...times), Math.max(...times), bundle)
		.run();
}

const FIND = "select bundle from decisions where last >= ?1 and first <= ?1 order by last limit 8";

/** `timestamp` is the trace's. Undefined when there is none: never placed, or longer ago than a week. */
export async function keptDecision(
	database: D1Database,
	{ requestId, timestamp }: Pick<DecisionRow, "requestId" | "timestamp">,
): Promise<DecisionReport | undefined> {
	const { results } = await database.prepare(FIND).bind(timestamp).all<{ bundle: string }>();
	for (const { bundle } of results) {
		const decisions = JSON.parse(bundle) as Record<string, unknown>;
		if (Object.hasOwn(decisions, requestId)) return DecisionSchema.safeParse(decisions[requestId]).data;
	}
	return undefined;
}

/** `now` is epoch milliseconds. True while there may be more. */
export async function dropOldDecisions(database: D1Database, now: number): Promise<boolean> {
	const { meta } = await database
		.prepare("delete from decisions where id in (select id from decisions where last < ? order by last limit ?)")
		.bind(now / 1000 - KEPT_S, DROPPED_AT_ONCE)
		.run();
	return meta.changes >= DROPPED_AT_ONCE;
}
