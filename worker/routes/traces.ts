/** The traces themselves: a list to leaf through, one with its decision, all of them as a file. */
import type { Context } from "hono";
import * as z from "zod";
import { type AppEnv, type Env, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { FlushDepth } from "../fleet/records.ts";
import { log } from "../log.ts";
import { TRACE_STATUSES, type TraceList } from "../protocol/trace.ts";
import { canonicalName } from "../routing/names.ts";
import { compare } from "../traces/compare.ts";
import { keptDecision } from "../traces/decisions.ts";
import { EXPORT_FORMATS, type ExportFormatName } from "../traces/export/format.ts";
import { exportStream } from "../traces/export/stream.ts";
import type { Position, TraceFilter } from "../traces/filter.ts";
import { traceOf, tracePage } from "../traces/queries.ts";
import { instant, parseQuery, wholeNumber } from "./parse-query.ts";
import type { Route } from "./route.ts";

const MAX_TRACES = 1_000;
const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormatName[];

const FilterSchema = z.object({
	model: z.string().transform(canonicalName).optional(),
	node_id: z.string().optional(),
	status: z.enum(TRACE_STATUSES, `must be one of ${TRACE_STATUSES.join(", ")}`).optional(),
	app: z.string().optional(),
	since: instant().optional(),
	before: instant().optional(),
});
const ListSchema = FilterSchema.extend({
	limit: wholeNumber(50, { from: 1, to: MAX_TRACES }),
	cursor: z
		.string()
		.regex(/^\d+(?:\.\d+)?_\d+$/, "is no cursor: take it from next_cursor of the list before")
		.transform(positionIn)
		.optional(),
});
const ExportSchema = FilterSchema.extend({ format: z.enum(FORMATS, `must be ${FORMATS.join(" or ")}`).default("ndjson") });

const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;

export const traceRoutes: Route[] = [
	{ ...get, path: "/dashboard/api/traces", handle: list },
	{ ...get, path: "/dashboard/api/traces/export", handle: exportAll },
	{ ...get, path: "/dashboard/api/traces/:request_id", handle: one },
];

async function list(context: Context<AppEnv>): Promise<Response> {
	const { limit, cursor: from, ...filter } = parseQuery(context, ListSchema);
	await flushed(context.env, depthFor(filter));
	const { traces, next } = await tracePage(context.env.DB, { filter, from, limit });
	const answer: TraceList = { traces: [...traces], next_cursor: next ? `${next.timestamp}_${next.id}` : null };
	return Response.json(answer);
}

async function exportAll(context: Context<AppEnv>): Promise<Response> {
	const { format, ...filter } = parseQuery(context, ExportSchema);
	await flushed(context.env, depthFor(filter));
	const { contentType } = EXPORT_FORMATS[format];
	const headers = { "content-type": contentType, "content-disposition": `attachment; filename="traces.${format}"` };
	return new Response(exportStream(context.env.DB, filter, EXPORT_FORMATS[format]), { headers });
}

/** With the decision as it was, while that is kept, and what it expected beside what came of it. */
async function one({ env, req }: Context<AppEnv>): Promise<Response> {
	const requestId = req.param("request_id") ?? "";
	await flushed(env, "rows");
	const trace = await traceOf(env.DB, requestId);
	if (!trace) throw new RouterError({ status: 404, message: `no request "${requestId}" is on record: it may still run, or be long gone` });
	const decision = await keptDecision(env.DB, { requestId, timestamp: trace.timestamp });
	return Response.json({ trace, decision: decision ?? null, comparison: decision ? compare(trace, decision) : null });
}

/** So that whoever asks right after a request finds it. */
export async function flushed(env: Env, depth: FlushDepth): Promise<void> {
	await fleetOf(env)
		.flush(depth)
		.catch((error: unknown) => log("warn", "Showing the traces without the newest", { error: String(error) }));
}

/** Apps are looked up where counting has noted them. */
function depthFor({ app }: TraceFilter): FlushDepth {
	return app === undefined ? "rows" : "sums";
}

function positionIn(cursor: string): Position {
	const [timestamp, id] = cursor.split("_").map(Number);
	return { timestamp: timestamp ?? 0, id: id ?? 0 };
}
