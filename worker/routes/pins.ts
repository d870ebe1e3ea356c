/** Models that are to stay in memory, and how much the machines take. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { PinnedModelSchema, PinRequestSchema } from "../protocol/pins.ts";
import { readFields } from "./read-fields.ts";
import type { Route } from "./route.ts";

const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;
const post = { method: "POST", access: "manage", effects: true, jsonOnly: true } as const;

export const pinRoutes: Route[] = [
	{ ...get, path: "/fleet/limits", handle: async ({ env }) => Response.json(await fleetOf(env).pins().limits()) },
	{ ...post, path: "/fleet/pin", handle: pin },
	// Names of models have slashes
	{ ...post, method: "DELETE", jsonOnly: false, path: "/fleet/pin/:model{.+}", handle: unpin },
	{ ...get, path: "/dashboard/api/pinned-models", handle: async ({ env }) => Response.json(await fleetOf(env).pins().list()) },
	{ ...post, path: "/dashboard/api/pinned-models", handle: setPinned },
];

async function pin({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, PinRequestSchema);
	if (read.kind === "wrong") throw new RouterError({ status: 400, message: read.message });
	const { model, node_id: nodeId, wait, timeout_s: timeoutS, force } = read.fields;
	const answer = await fleetOf(env)
		.pins()
		.pin({ model, nodeId, force, mayBeAway: false, waitMs: wait ? timeoutS * 1000 : 0 });
	if ("kind" in answer) throw new RouterError(answer);
	return Response.json(answer);
}

async function unpin({ env, req }: Context<AppEnv>): Promise<Response> {
	const model = req.param("model") ?? "";
	const { unpinnedFrom, isOfEnvironment } = await fleetOf(env).pins().unpin(model, "");
	if (isOfEnvironment && unpinnedFrom.length === 0)
		throw new RouterError({
			status: 409,
			message: `model '${model}' is pinned by FLEET_PINNED_MODELS: take it out there and start the router anew`,
		});
	return Response.json({ unpinned_from: unpinnedFrom, ...(isOfEnvironment && { still_pinned_by: "FLEET_PINNED_MODELS" }) });
}

/** The origin's form, refusals too. A machine that is away keeps its pins, so it can be given one. */
async function setPinned({ env, req }: Context<AppEnv>): Promise<Response> {
	const read = await readFields(req.raw, PinnedModelSchema);
	if (read.kind === "wrong") return Response.json({ ok: false, error: read.message }, { status: 400 });
	const { node_id: nodeId, model, pinned, force } = read.fields;
	const desk = fleetOf(env).pins();
	if (!pinned) return Response.json({ ok: true, per_node: (await desk.unpin(model, nodeId)).perNode });
	const answer = await desk.pin({ model, nodeId, force, mayBeAway: true, waitMs: 0 });
	if ("kind" in answer) return Response.json({ ok: false, error: answer.message }, { status: answer.status });
	return Response.json({ ok: true, per_node: answer.per_node });
}
