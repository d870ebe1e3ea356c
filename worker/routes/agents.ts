/** Machines reporting in, and the admin's word on them. */
import type { Context } from "hono";
import type * as z from "zod";
import { readBody } from "../dispatch/body.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { Drained } from "../fleet/drain.ts";
import { type Drain, DrainSchema, FarewellSchema, HeartbeatSchema, JOIN_TOKEN_HEADER, PROTOCOL_VERSION } from "../protocol/heartbeat.ts";
import { bearerOf } from "../secrets.ts";
import type { Route } from "./route.ts";

/** Hundreds of models fit many times over. */
const MAX_BEAT_BYTES = 4 * 1024 ** 2;
/** Of a machine that shows nothing: a hundred models still fit. */
const MAX_STRANGERS_BEAT_BYTES = 128 * 1024;

export const agentRoutes: Route[] = [
	{ method: "POST", path: "/heartbeat", access: "node", effects: true, jsonOnly: true, handle: heartbeat },
	{ method: "POST", path: "/fleet/nodes/:id/approve", access: "admin", effects: true, jsonOnly: true, handle: approve },
	{ method: "DELETE", path: "/fleet/nodes/:id", access: "admin", effects: true, jsonOnly: false, handle: forget },
];

async function heartbeat(context: Context<AppEnv>): Promise<Response> {
	const secret = bearerOf(context.req.header("authorization"));
	const token = context.req.header(JOIN_TOKEN_HEADER);
	const json = parseJson(await readBody(context.req.raw, secret || token ? MAX_BEAT_BYTES : MAX_STRANGERS_BEAT_BYTES));
	const farewell = FarewellSchema.safeParse(json);
	if (farewell.success) return said(await fleetOf(context.env).farewell(farewell.data, secret));
	const draining = DrainSchema.safeParse(json);
	if (draining.success) return drained(draining.data, await fleetOf(context.env).members().drain(draining.data, { secret }));
	const beat = HeartbeatSchema.safeParse(json);
	if (!beat.success)
		throw new RouterError({ status: 400, message: `Not a heartbeat of protocol ${PROTOCOL_VERSION}: ${firstProblem(beat.error)}` });
	if (!speaks(beat.data.protocol)) throw new RouterError({ status: 400, message: otherProtocol(beat.data.protocol) });
	const answer = await fleetOf(context.env).heartbeat(beat.data, { secret, token });
	return Response.json(answer.body, { status: answer.status });
}

async function approve(context: Context<AppEnv>): Promise<Response> {
	const nodeId = context.req.param("id") ?? "";
	if (await fleetOf(context.env).members().approve(nodeId)) return Response.json({ ok: true, node_id: nodeId });
	throw new RouterError({ status: 404, message: `No machine named "${nodeId}" waits for approval` });
}

async function forget(context: Context<AppEnv>): Promise<Response> {
	const nodeId = context.req.param("id") ?? "";
	if (await fleetOf(context.env).members().forget(nodeId)) return Response.json({ ok: true, node_id: nodeId });
	throw new RouterError({ status: 404, message: `No node named "${nodeId}" is in the fleet` });
}

function said(left: boolean): Response {
	if (left) return Response.json({ status: "draining" });
	throw new RouterError({ status: 401, message: "A node can only be taken out with its own secret" });
}

function drained({ node_id: nodeId }: Drain, result: Drained | undefined): Response {
	if (result) return Response.json({ status: result.blockedBy.includes("draining") ? "draining" : "ok", node_id: nodeId });
	throw new RouterError({ status: 401, message: "A node can only be drained or resumed with its own secret" });
}

function parseJson(body: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(body));
	} catch {
		throw new RouterError({ status: 400, message: "The heartbeat is not JSON" });
	}
}

/** The same major, and this minor or the one before it. */
function speaks(protocol: string): boolean {
	const [[major, minor], [ownMajor, ownMinor]] = [protocol, PROTOCOL_VERSION].map((version) => version.split(".").map(Number)) as [
		number[],
		number[],
	];
	return major === ownMajor && (minor ?? 0) <= (ownMinor ?? 0) && (minor ?? 0) >= (ownMinor ?? 0) - 1;
}

function otherProtocol(given: string): string {
	return `The agent speaks protocol ${given}, this router ${PROTOCOL_VERSION}: install the agent that the router serves at /agent.tgz`;
}

function firstProblem(error: z.ZodError): string {
	const [issue] = error.issues;
	return issue ? `${issue.path.join(".") || "body"}: ${issue.message}` : "unknown problem";
}
