/** Benchmarks: started and ended here, run by the Fleet object, kept in the database. */
import type { Context } from "hono";
import { compareRuns } from "../benchmarks/compare.ts";
import { recentRuns, runOf, saveRun } from "../benchmarks/store.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { type BenchmarkRecord, BenchmarkRunSchema, BenchmarkWishSchema } from "../protocol/benchmarks.ts";
import { readFields } from "./read-fields.ts";
import type { Route } from "./route.ts";

const DEFAULT_RUNS = 50;
const MOST_RUNS = 500;
const api = "/dashboard/api/benchmarks";
const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;
const post = { method: "POST", access: "manage", effects: true, jsonOnly: true } as const;

export const benchmarkRoutes: Route[] = [
	{ ...get, path: api, handle: list },
	{ ...post, path: api, handle: keep },
	{ ...post, path: `${api}/start`, handle: start },
	{ ...get, path: `${api}/progress`, handle: async ({ env }) => Response.json(await fleetOf(env).benchmarks().progress()) },
	{ ...post, path: `${api}/cancel`, handle: cancel },
	{ ...get, path: `${api}/compare`, handle: compare },
	{
		...get,
		path: `${api}/:run_id`,
		handle: async ({ env, req }) => Response.json({ data: (await runOf(env.DB, req.param("run_id") ?? "")) ?? null }),
	},
];

async function list({ env, req }: Context<AppEnv>): Promise<Response> {
	const limit = Number(req.query("limit") ?? DEFAULT_RUNS);
	if (!Number.isInteger(limit) || limit < 1 || limit > MOST_RUNS)
		throw new RouterError({ status: 400, message: `limit="${req.query("limit")}" must be a whole number from 1 to ${MOST_RUNS}` });
	return Response.json({ data: await recentRuns(env.DB, limit) });
}

/** A run that was made by another program, in the origin's form. */
async function keep({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, BenchmarkRunSchema, '{"run_id": "mine-1", "timestamp": 1790000000, "duration_s": 60}');
	if (read.kind === "wrong") throw new RouterError({ status: 400, message: read.message });
	await saveRun(env.DB, read.fields);
	return Response.json({ status: "saved", run_id: read.fields.run_id });
}

async function start({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, BenchmarkWishSchema, '{"mode": "default", "duration": 60}');
	if (read.kind === "wrong") throw new RouterError({ status: 400, message: read.message });
	const desk = fleetOf(env).benchmarks();
	const started = await desk.start(read.fields);
	if (started.kind === "refused")
		return Response.json({ error: started.message, progress: await desk.progress() }, { status: started.status });
	const { mode, duration, model_types } = read.fields;
	return Response.json({ status: "started", run_id: started.runId, mode, duration, model_types });
}

async function cancel({ env }: Context<AppEnv>): Promise<Response> {
	return Response.json({ status: (await fleetOf(env).benchmarks().cancel()) ? "cancelled" : "not_running" });
}

async function compare({ env, req }: Context<AppEnv>): Promise<Response> {
	const [a, b] = ["a", "b"].map((name) => runIdOf(name, req.query(name)));
	return Response.json(compareRuns(await named(env.DB, a), await named(env.DB, b)));
}

function runIdOf(name: string, given = ""): string {
	if (given !== "") return given;
	throw new RouterError({ status: 400, message: `${name} is missing: name two runs, as in ?a=RUN_ID&b=RUN_ID` });
}

async function named(database: D1Database, runId = ""): Promise<BenchmarkRecord> {
	const run = await runOf(database, runId);
	if (run) return run;
	throw new RouterError({ status: 404, message: `no benchmark run "${runId}" is on record` });
}
