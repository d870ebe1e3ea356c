/** The page's files, and the agent's package. */
import type { Context } from "hono";
import type { AppEnv } from "../env.ts";
import type { Route } from "./route.ts";

/** The page needs nothing but itself. */
const CONTENT_SECURITY_POLICY =
	"default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const get = { method: "GET", effects: false, jsonOnly: false } as const;

export const dashboardRoutes: Route[] = [
	{ ...get, path: "/dashboard", access: "public", handle: (context) => asset(context, "/dashboard.html") },
	{ ...get, path: "/dashboard/assets/:file", access: "public", handle: (context) => asset(context, context.req.path) },
	{ ...get, path: "/dashboard/favicon.svg", access: "public", handle: (context) => asset(context, context.req.path) },
	{ ...get, path: "/agent.tgz", access: "public", handle: (context) => asset(context, "/agent.tgz") },
];

async function asset({ env, req }: Context<AppEnv>, path: string): Promise<Response> {
	const found = await env.ASSETS.fetch(new Request(new URL(path, req.url), { headers: req.raw.headers }));
	const response = new Response(found.body, found);
	response.headers.set("content-security-policy", CONTENT_SECURITY_POLICY);
	response.headers.set("x-content-type-options", "nosniff");
	response.headers.set("referrer-policy", "no-referrer");
	return response;
}
