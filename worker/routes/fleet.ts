/** The fleet's own state, and whether the router lives. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { ROUTER_VERSION } from "../version.ts";
import type { Route } from "./route.ts";

/** Resolves when every trace known now is in the database, and what was learned is stored: `herd` asks for it before it ends workerd. */
async function flush({ env }: Context<AppEnv>): Promise<Response> {
	await Promise.all([fleetOf(env).flush(), fleetOf(env).saveLearned()]);
	return Response.json({ ok: true });
}

/** Ends what nobody waits for, and what would keep the router from ending: `herd` asks for it before it lets requests finish. */
async function windDown({ env }: Context<AppEnv>): Promise<Response> {
	return Response.json({ ok: true, benchmark_ended: await fleetOf(env).benchmarks().interrupt() });
}

/** Ends a download that the router started; what has come down is kept for the next one. */
async function cancelPull({ env, req }: Context<AppEnv>): Promise<Response> {
	const model = req.param("model") ?? "";
	if (await fleetOf(env).models().cancelPull(model)) return Response.json({ ok: true, model });
	throw new RouterError({ status: 404, message: `The router is not pulling a model named "${model}"` });
}

const get = { method: "GET", effects: false, jsonOnly: false } as const;

export const fleetRoutes: Route[] = [
	{ ...get, path: "/fleet/status", access: "read", handle: async ({ env }) => Response.json(await fleetOf(env).status()) },
	{ ...get, path: "/fleet/queue", access: "read", handle: async ({ env }) => Response.json(await fleetOf(env).waitingList()) },
	{ method: "DELETE", path: "/fleet/pulls/:model{.+}", access: "manage", effects: true, jsonOnly: false, handle: cancelPull },
	{ method: "POST", path: "/fleet/wind-down", access: "admin", effects: true, jsonOnly: true, handle: windDown },
	{ method: "POST", path: "/fleet/flush", access: "admin", effects: true, jsonOnly: true, handle: flush },
	{ ...get, path: "/healthz", access: "public", handle: () => Response.json({ status: "ok", version: ROUTER_VERSION }) },
];
