/** Models on disks as the page manages them: what is where, and pulls and deletions as jobs. Refusals have the origin's form. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../../env.ts";
import { RouterError } from "../../errors.ts";
import type { Begun } from "../../fleet/jobs/desk.ts";
import { DeleteWishSchema, type JobStarted, PullWishSchema } from "../../protocol/jobs.ts";
import { readFields } from "../read-fields.ts";
import type { Route } from "../route.ts";

const EXAMPLE = '{"node_id": "mac-studio", "model": "llama3.1:8b"}';
const api = "/dashboard/api";
const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;
const post = { method: "POST", access: "manage", effects: true, jsonOnly: true } as const;

export const jobRoutes: Route[] = [
	{ ...get, path: `${api}/jobs`, handle: async ({ env }) => Response.json({ jobs: await fleetOf(env).jobs().list() }) },
	{ ...get, path: `${api}/model-management`, handle: async ({ env }) => Response.json(await fleetOf(env).jobs().stock()) },
	{ ...get, path: `${api}/recommendations`, handle: recommendations },
	{ ...get, path: `${api}/briefing`, handle: briefing },
	{ ...post, path: `${api}/pull`, handle: pull },
	{ ...post, path: `${api}/delete`, handle: remove },
	// Names of models, which some ids are made of, have slashes
	{ ...post, method: "DELETE", jsonOnly: false, path: `${api}/jobs/:id{.+}`, handle: cancel },
];

async function recommendations({ env, req }: Context<AppEnv>): Promise<Response> {
	return Response.json(
		await fleetOf(env)
			.jobs()
			.recommendations(req.query("refresh") === "1"),
	);
}

async function briefing({ env, req }: Context<AppEnv>): Promise<Response> {
	return Response.json(
		await fleetOf(env)
			.jobs()
			.briefing(req.query("refresh") === "1"),
	);
}

async function pull({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, PullWishSchema, EXAMPLE);
	if (read.kind === "wrong") return refused(400, read.message);
	const { model, node_id: nodeId, wait } = read.fields;
	return answer(await fleetOf(env).jobs().pull({ model, nodeId, wait }), model);
}

async function remove({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, DeleteWishSchema, EXAMPLE);
	if (read.kind === "wrong") return refused(400, read.message);
	const { model, node_id: nodeId, force } = read.fields;
	return answer(await fleetOf(env).jobs().remove({ model, nodeId, force }), model);
}

async function cancel({ env, req }: Context<AppEnv>): Promise<Response> {
	const id = req.param("id") ?? "";
	if (await fleetOf(env).jobs().cancel(id)) return Response.json({ ok: true, id });
	throw new RouterError({ status: 404, message: `No job "${id}" is under way that could be cancelled` });
}

function answer(begun: Begun, model: string): Response {
	if (begun.kind === "refused") return refused(begun.status, begun.message);
	const { job } = begun;
	if (job.error !== undefined) return refused(502, job.error);
	const started: JobStarted = { ok: true, node_id: job.node_id ?? "", model, job };
	return Response.json(started);
}

function refused(status: number, error: string): Response {
	return Response.json({ ok: false, error }, { status });
}
