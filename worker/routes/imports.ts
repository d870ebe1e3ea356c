/** Where `herd` brings the traces that another router left. */
import type { Context } from "hono";
import * as z from "zod";
import { readBody } from "../dispatch/body.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import { ImportPageSchema } from "../protocol/imports.ts";
import { importState, takeImport } from "../traces/imports.ts";
import { parseQuery } from "./parse-query.ts";
import type { Route } from "./route.ts";

const MOST_BYTES = 4 * 1024 ** 2;
const NameSchema = z.object({ name: z.string("is required: the name of the file").min(1) });

const admin = { path: "/fleet/imports", access: "admin" } as const;

export const importRoutes: Route[] = [
	{ ...admin, method: "GET", effects: false, jsonOnly: false, handle: state },
	{ ...admin, method: "POST", effects: true, jsonOnly: true, handle: take },
];

async function state(context: Context<AppEnv>): Promise<Response> {
	const { name } = parseQuery(context, NameSchema);
	return Response.json(await importState(context.env.DB, name));
}

async function take({ env, req }: Context<AppEnv>): Promise<Response> {
	const page = ImportPageSchema.safeParse(jsonOf(new TextDecoder().decode(await readBody(req.raw, MOST_BYTES))));
	if (!page.success) throw new RouterError({ status: 400, message: `not a page of traces: ${z.prettifyError(page.error).slice(0, 300)}` });
	// The Fleet object makes the tables
	await fleetOf(env).flush();
	await takeImport(env.DB, page.data);
	return Response.json(page.data.state);
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
