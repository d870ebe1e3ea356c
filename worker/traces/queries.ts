/** Reading traces back. */
import { type Trace, TraceSchema } from "../protocol/trace.ts";

const JSON_COLUMNS = ["scores_breakdown", "excluded_nodes", "tags", "attempts", "rewrote"] as const;

/** The newest `limit` requests, newest first. */
export async function recentTraces(database: D1Database, limit: number): Promise<Trace[]> {
	const { results } = await database.prepare("select * from request_traces order by timestamp desc, id desc limit ?").bind(limit).all();
	return results.flatMap((row) => fromRow(row) ?? []);
}

export async function traceOf(database: D1Database, requestId: string): Promise<Trace | undefined> {
	const row = await database.prepare("select * from request_traces where request_id = ?").bind(requestId).first();
	return row ? fromRow(row) : undefined;
}

/** Undefined for a row that somebody else wrote: it must not hide the others. */
function fromRow(row: Record<string, unknown>): Trace | undefined {
	const trace: Record<string, unknown> = { ...row, fallback_used: row.fallback_used === 1, streamed: row.streamed === 1 };
	for (const column of JSON_COLUMNS) {
		const text = row[column];
		trace[column] = typeof text === "string" ? jsonOf(text) : null;
	}
	return TraceSchema.safeParse(trace).data;
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
