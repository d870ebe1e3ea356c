/** A machine's service: drained, paused, resumed at the admin's word, and what its owner leaves to the fleet. */
import type { Context } from "hono";
import { readBody } from "../dispatch/body.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { Drained } from "../fleet/drain.ts";
import type { Paused } from "../fleet/pauses.ts";
import { PauseRequestSchema } from "../protocol/capacity.ts";
import type { Route } from "./route.ts";

const MOST_BYTES = 4 * 1024;

const post = { method: "POST", access: "admin", effects: true, jsonOnly: true } as const;

export const serviceRoutes: Route[] = [
	{ ...post, path: "/fleet/nodes/:id/drain", handle: drain },
	{ ...post, path: "/fleet/nodes/:id/pause", handle: pause },
	{ ...post, path: "/fleet/nodes/:id/resume", handle: resume },
	{ method: "GET", path: "/fleet/nodes/:id/capacity", access: "read", effects: false, jsonOnly: false, handle: capacity },
];

async function drain({ env, req }: Context<AppEnv>): Promise<Response> {
	const nodeId = req.param("id") ?? "";
	return told(nodeId, await fleetOf(env).members().drain({ node_id: nodeId, draining: true }, "admin"));
}

async function pause({ env, req }: Context<AppEnv>): Promise<Response> {
	const nodeId = req.param("id") ?? "";
	const seconds = await secondsIn(req.raw);
	return told(nodeId, await fleetOf(env).members().pause(nodeId, seconds));
}

async function resume({ env, req }: Context<AppEnv>): Promise<Response> {
	const nodeId = req.param("id") ?? "";
	return told(nodeId, await fleetOf(env).members().resume(nodeId));
}

async function capacity({ env, req }: Context<AppEnv>): Promise<Response> {
	const nodeId = req.param("id") ?? "";
	const found = await fleetOf(env).capacityOf(nodeId);
	if (!found) throw unknown(nodeId);
	return Response.json(found);
}

/** Tells what still keeps work away: a node's own agent may have a word too. `paused_until` in epoch seconds. */
function told(nodeId: string, result: Drained | Paused | undefined): Response {
	if (!result) throw unknown(nodeId);
	const until = "until" in result ? result.until : undefined;
	return Response.json({
		ok: true,
		node_id: nodeId,
		blocked_by: result.blockedBy,
		requests_active: result.running,
		...(until !== undefined && { paused_until: until / 1000 }),
	});
}

function unknown(nodeId: string): RouterError {
	return new RouterError({ status: 404, message: `No node named "${nodeId}" is in the fleet` });
}

/** No body at all: until it is resumed. */
async function secondsIn(request: Request): Promise<number | undefined> {
	const text = new TextDecoder().decode(await readBody(request, MOST_BYTES));
	if (text === "") return undefined;
	const parsed = PauseRequestSchema.safeParse(jsonOf(text));
	if (parsed.success) return parsed.data.for_s;
	const [issue] = parsed.error.issues;
	const [field] = issue?.path ?? [];
	const message = field === undefined ? 'the body must be a JSON object such as {"for_s": 7200}' : `${String(field)} ${issue?.message}`;
	throw new RouterError({ status: 400, message });
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
