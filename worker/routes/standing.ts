/** A machine asks how it stands, with what it would send with a beat. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { JOIN_TOKEN_HEADER } from "../protocol/heartbeat.ts";
import { bearerOf } from "../secrets.ts";
import type { Route } from "./route.ts";

export const standingRoutes: Route[] = [
	{ method: "GET", path: "/fleet/nodes/:id/standing", access: "node", effects: false, jsonOnly: false, handle: standing },
];

async function standing(context: Context<AppEnv>): Promise<Response> {
	const secret = bearerOf(context.req.header("authorization"));
	const token = context.req.header(JOIN_TOKEN_HEADER);
	return Response.json(await fleetOf(context.env).standing(context.req.param("id") ?? "", { secret, token }));
}
