/** The admin has one machine's Ollama started anew. */
import type { Context } from "hono";
import { restartOllama } from "../chores/restart-ollama.ts";
import { type AppEnv, fleetOf, senderOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { Route } from "./route.ts";

export const restartRoutes: Route[] = [
	{ method: "POST", path: "/fleet/nodes/:id/restart-ollama", access: "admin", effects: true, jsonOnly: true, handle: restart },
];

async function restart(context: Context<AppEnv>): Promise<Response> {
	const nodeId = context.req.param("id") ?? "";
	const target = await fleetOf(context.env).doorOf(nodeId);
	if (!target) throw new RouterError({ status: 404, message: `No node named "${nodeId}" is in the fleet and in reach` });
	const result = await restartOllama(target, senderOf(context.env));
	if (result.kind === "restarted") return Response.json({ ok: true, node_id: nodeId, requests_cut: result.cut });
	throw new RouterError({ status: result.kind === "refused" ? 409 : 502, message: result.message });
}
