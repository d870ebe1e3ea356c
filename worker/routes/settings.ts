/** The settings: all of them with where each value comes from, and changes while the router runs. */
import type { Context } from "hono";
import { readBody } from "../dispatch/body.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { bearerOf, sameSecret } from "../secrets.ts";
import type { Route } from "./route.ts";

const MOST_BYTES = 256 * 1024;
const path = "/dashboard/api/settings";

export const settingsRoutes: Route[] = [
	{ method: "GET", path, access: "read", effects: false, jsonOnly: false, handle: list },
	{ method: "POST", path, access: "manage", effects: true, jsonOnly: true, handle: change },
];

async function list({ env }: Context<AppEnv>): Promise<Response> {
	return new Response(await fleetOf(env).settings().report(), { headers: { "content-type": "application/json" } });
}

async function change({ env, req, var: { settings } }: Context<AppEnv>): Promise<Response> {
	const wish = new TextDecoder().decode(await readBody(req.raw, MOST_BYTES));
	if (!isJson(wish))
		throw new RouterError({ status: 400, message: 'the body must be a JSON object of settings such as {"queue_max": 500}' });
	const isAdmin = sameSecret(bearerOf(req.header("authorization")), settings.FLEET_ADMIN_KEY);
	const { kind, ...answer } = await fleetOf(env)
		.settings()
		.change(wish, isAdmin ? "admin key" : "open");
	if (kind === "refused") return Response.json({ error: answer.message }, { status: Number(answer.status) });
	return Response.json(answer);
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
