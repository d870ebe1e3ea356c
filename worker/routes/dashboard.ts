/** The page and its data. */
import type { Context } from "hono";
import { type AppEnv, type Env, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { log } from "../log.ts";
import { compare } from "../traces/compare.ts";
import { keptDecision } from "../traces/decisions.ts";
import { recentTraces, traceOf } from "../traces/queries.ts";
import type { Route } from "./route.ts";

const DEFAULT_TRACES = 50;
const MAX_TRACES = 1_000;
/** The page needs nothing but itself. */
const CONTENT_SECURITY_POLICY =
	"default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const get = { method: "GET", effects: false, jsonOnly: false } as const;

export const dashboardRoutes: Route[] = [
	{ ...get, path: "/dashboard", access: "public", handle: (context) => asset(context, "/dashboard.html") },
	{ ...get, path: "/dashboard/assets/:file", access: "public", handle: (context) => asset(context, context.req.path) },
	{ ...get, path: "/dashboard/favicon.svg", access: "public", handle: (context) => asset(context, context.req.path) },
	{ ...get, path: "/agent.tgz", access: "public", handle: (context) => asset(context, "/agent.tgz") },
	{ ...get, path: "/dashboard/api/traces", access: "read", handle: traces },
	{ ...get, path: "/dashboard/api/traces/:request_id", access: "read", handle: oneTrace },
];

async function asset({ env, req }: Context<AppEnv>, path: string): Promise<Response> {
	const found = await env.ASSETS.fetch(new Request(new URL(path, req.url), { headers: req.raw.headers }));
	const response = new Response(found.body, found);
	response.headers.set("content-security-policy", CONTENT_SECURITY_POLICY);
	response.headers.set("x-content-type-options", "nosniff");
	response.headers.set("referrer-policy", "no-referrer");
	return response;
}

async function traces({ env, req }: Context<AppEnv>): Promise<Response> {
	const limit = limitOf(req.query("limit"));
	await flushed(env);
	return Response.json({ traces: await recentTraces(env.DB, limit) });
}

/** With the decision as it was, while that is kept, and what it expected beside what came of it. */
async function oneTrace({ env, req }: Context<AppEnv>): Promise<Response> {
	const requestId = req.param("request_id") ?? "";
	await flushed(env);
	const trace = await traceOf(env.DB, requestId);
	if (!trace) throw new RouterError({ status: 404, message: `no request "${requestId}" is on record: it may still run, or be long gone` });
	const decision = await keptDecision(env.DB, { requestId, timestamp: trace.timestamp });
	return Response.json({ trace, decision: decision ?? null, comparison: decision ? compare(trace, decision) : null });
}

/** So that whoever asks right after a request finds it. */
async function flushed(env: Env): Promise<void> {
	await fleetOf(env)
		.flush()
		.catch((error: unknown) => log("warn", "Showing the traces without the newest", { error: String(error) }));
}

function limitOf(given: string | undefined): number {
	if (given === undefined) return DEFAULT_TRACES;
	const limit = Number(given);
	if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_TRACES) return limit;
	throw new RouterError({ status: 400, message: `limit="${given}" must be a whole number from 1 to ${MAX_TRACES}` });
}
