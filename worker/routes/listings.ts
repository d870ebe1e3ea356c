/** What a client asks about the fleet as if it were one Ollama: answered from memory, so that no dead node can delay it. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { goJson } from "./go-answer.ts";
import type { Route } from "./route.ts";

/** Shown while no node has told its version: clients split it into integers. */
const UNKNOWN_VERSION = "0.0.0";

const read = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;

export const listingRoutes: Route[] = [
	{ ...read, path: "/", access: "public", handle: banner },
	{ ...read, path: "/api/version", handle: async ({ env }) => goJson({ version: (await fleetOf(env).version()) ?? UNKNOWN_VERSION }) },
	{ ...read, path: "/api/tags", handle: async ({ env }) => goJson({ models: await fleetOf(env).tags() }) },
	{ ...read, path: "/api/ps", handle: async ({ env }) => goJson({ models: await fleetOf(env).resident() }) },
	// Of the router: a node's cloud models belong to that node's account
	{ ...read, path: "/api/status", handle: () => goJson({ cloud: { disabled: false, source: "none" } }) },
];

/** Ollama's banner; a browser is sent to the page. */
function banner(context: Context<AppEnv>): Response {
	if (context.req.header("accept")?.includes("text/html")) return context.redirect("/dashboard", 302);
	return new Response("Ollama is running", { headers: { "content-type": "text/plain; charset=utf-8" } });
}
