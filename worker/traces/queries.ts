/** Reading traces back. */
import { type Trace, TraceSchema } from "../protocol/trace.ts";
import { look, type Position, type TraceFilter } from "./filter.ts";

const JSON_COLUMNS = ["scores_breakdown", "excluded_nodes", "tags", "attempts", "rewrote"] as const;

export interface TracePage {
	/** Newest first. */
	readonly traces: readonly Trace[];
	/** Where to look on; undefined at the end. */
	readonly next: Position | undefined;
}

export interface PageWish {
	readonly filter: TraceFilter;
	readonly from?: Position | undefined;
	readonly limit: number;
}

/** With a rare combination of filters a page may be short, or empty, and yet not the last. */
export async function tracePage(database: D1Database, { filter, from, limit }: PageWish): Promise<TracePage> {
	const { rows, edge } = look(filter, from, limit);
	const { results } = await database
		.prepare(rows.text)
		.bind(...rows.bound)
		.all();
	const traces = results.flatMap((row) => fromRow(row) ?? []);
	if (results.length === limit) return { traces, next: positionOf(results.at(-1)) };
	const last = await database
		.prepare(edge.text)
		.bind(...edge.bound)
		.first();
	return { traces, next: positionOf(last) };
}

export async function traceOf(database: D1Database, requestId: string): Promise<Trace | undefined> {
	const row = await database.prepare("select * from request_traces where request_id = ?").bind(requestId).first();
	return row ? fromRow(row) : undefined;
}

function positionOf(row: Record<string, unknown> | null | undefined): Position | undefined {
	return row ? { timestamp: Number(row.timestamp), id: Number(row.id) } : undefined;
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
