/** The fleet's own state, and whether the router lives. */
import { fleetOf } from "../env.ts";
import { ROUTER_VERSION } from "../version.ts";
import type { Route } from "./route.ts";

const get = { method: "GET", effects: false, jsonOnly: false } as const;

export const fleetRoutes: Route[] = [
	{ ...get, path: "/fleet/status", access: "read", handle: async ({ env }) => Response.json(await fleetOf(env).status()) },
	{ ...get, path: "/healthz", access: "public", handle: () => Response.json({ status: "ok", version: ROUTER_VERSION }) },
];
