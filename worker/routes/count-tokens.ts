/** `POST /v1/messages/count_tokens`, which Ollama does not have: Claude Code asks it before it sends a long prompt. */
import type { Context } from "hono";
import { readBody } from "../dispatch/body.ts";
import { estimateTokens } from "../dispatch/tokens.ts";
import type { AppEnv } from "../env.ts";
import { RouterError } from "../errors.ts";
import { readFirstValue } from "../protocol/go-json.ts";
import { InferenceBodySchema } from "../protocol/inference.ts";
import type { Route } from "./route.ts";

const MB = 1024 ** 2;

export const countTokensRoutes: Route[] = [
	{ method: "POST", path: "/v1/messages/count_tokens", access: "inference", effects: true, jsonOnly: false, handle: countTokens },
];

/** An estimate, and marked as one: only the model's own tokenizer could count. */
async function countTokens({ req, var: { settings } }: Context<AppEnv>): Promise<Response> {
	const body = await readBody(req.raw, settings.FLEET_MAX_BODY_MB * MB);
	const parsed = readFirstValue(new TextDecoder().decode(body));
	if (!parsed.ok) throw new RouterError({ status: 400, message: parsed.error });
	const fields = InferenceBodySchema.safeParse(parsed.value);
	if (!fields.success || fields.data.messages === undefined) throw new RouterError({ status: 400, message: "messages is required" });
	return Response.json({ input_tokens: estimateTokens(fields.data, "/v1/messages") }, { headers: { "X-Fleet-Estimated": "true" } });
}
