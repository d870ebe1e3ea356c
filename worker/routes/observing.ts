/** How the fleet does: metrics, health, and a stream of what changes. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { LiveForm } from "../fleet/live/watcher.ts";
import { EXPOSITION_TYPE } from "../metrics/exposition.ts";
import type { Route } from "./route.ts";

/** A proxy on the way must neither keep nor collect the events. */
const EVENT_STREAM = {
	"content-type": "text/event-stream; charset=utf-8",
	"cache-control": "no-cache, no-transform",
	"x-accel-buffering": "no",
};

const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;

export const observingRoutes: Route[] = [
	{ ...get, path: "/metrics", handle: metrics },
	{ ...get, path: "/dashboard/api/health", handle: async ({ env }) => Response.json(await fleetOf(env).observing().health()) },
	{ ...get, path: "/fleet/events", handle: (context) => events(context, "fleet") },
	{ ...get, path: "/dashboard/events", handle: (context) => events(context, "origin") },
];

async function metrics({ env }: Context<AppEnv>): Promise<Response> {
	return new Response(await fleetOf(env).observing().metrics(), { headers: { "content-type": EXPOSITION_TYPE } });
}

async function events({ env, req, executionCtx }: Context<AppEnv>, form: LiveForm): Promise<Response> {
	const id = crypto.randomUUID();
	const { signal } = req.raw;
	const left = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
	executionCtx.waitUntil(left.then(() => fleetOf(env).observing().leave(id)));
	const stream = await fleetOf(env)
		.observing()
		.watch({ id, form, lastEventId: req.header("last-event-id") });
	if (stream) return new Response(stream, { headers: EVENT_STREAM });
	throw new RouterError({ status: 503, message: "Too many pages watch this router already: close some", retryAfterSeconds: 30 });
}
