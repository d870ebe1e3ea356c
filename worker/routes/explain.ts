/** Why a request would go where: asked with a model's name, or with a whole request as it would be sent. */
import type { Context } from "hono";
import * as z from "zod";
import { readBody } from "../dispatch/body.ts";
import { ENDPOINTS } from "../dispatch/endpoints.ts";
import { parseRequest } from "../dispatch/parse-request.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { dialectOf, RouterError } from "../errors.ts";
import type { Route } from "./route.ts";
import { installationSecret } from "./inference.ts";

const MOST_BYTES = 1024 ** 2;

/** Beside the fields of the request itself, with its `model`, `messages`, `options` and so on. */
const WishSchema = z.looseObject({
	model: z.string("model is required").min(1, "model is required"),
	prompt_tokens: z.coerce.number("prompt_tokens must be a number").int().min(1).max(10_000_000).optional(),
	num_ctx: z.coerce.number("num_ctx must be a number").int().min(1).optional(),
	class: z.enum(["interactive", "agent", "batch"], 'class must be "interactive", "agent" or "batch"').optional(),
	path: z
		.string()
		.refine((path) => Object.hasOwn(ENDPOINTS, path), { error: `path must be one of ${Object.keys(ENDPOINTS).join(", ")}` })
		.optional(),
});

async function explainRequest(context: Context<AppEnv>, given: unknown): Promise<Response> {
	const wish = WishSchema.safeParse(given);
	if (!wish.success) throw new RouterError({ status: 400, message: wish.error.issues[0]?.message ?? "not a request" });
	const { prompt_tokens: promptTokens, num_ctx: numCtx, class: requestClass, path = "/api/chat", ...body } = wish.data;
	const endpoint = ENDPOINTS[path];
	if (!endpoint) throw new RouterError({ status: 400, message: `path="${path}" is no route for requests` });
	const headers = new Headers(context.req.raw.headers);
	if (requestClass) headers.set("x-fleet-class", requestClass);
	const parsed = parseRequest({
		id: crypto.randomUUID(),
		path,
		endpoint,
		dialect: dialectOf(path),
		body: new Uint8Array(new TextEncoder().encode(JSON.stringify(body))),
		headers,
		arrivedAt: Date.now(),
		secret: installationSecret(context.var.settings),
	});
	const { body: _body, decoded: _decoded, text: _text, ...route } = parsed;
	const request = { ...route, promptTokens: promptTokens ?? route.promptTokens, numCtx: numCtx ?? route.numCtx };
	return Response.json(await fleetOf(context.env).explain(request));
}

async function posted(context: Context<AppEnv>): Promise<Response> {
	const body = await readBody(context.req.raw, MOST_BYTES);
	return explainRequest(context, jsonOf(new TextDecoder().decode(body)));
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new RouterError({ status: 400, message: 'the body must be JSON such as {"model": "llama3.1:8b", "prompt_tokens": 500}' });
	}
}

const common = { path: "/fleet/explain", access: "read" } as const;

export const explainRoutes: Route[] = [
	{ ...common, method: "GET", effects: false, jsonOnly: false, handle: (context) => explainRequest(context, context.req.query()) },
	{ ...common, method: "POST", effects: true, jsonOnly: true, handle: posted },
];
