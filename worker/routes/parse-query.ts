/** Query strings, checked once. */
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../env.ts";
import { RouterError } from "../errors.ts";

/** A whole number within limits, with a default. */
export function wholeNumber(fallback: number, { from, to }: { from: number; to: number }) {
	return z.coerce
		.number(`must be a whole number from ${from} to ${to}`)
		.refine((value) => Number.isInteger(value) && value >= from && value <= to, `must be a whole number from ${from} to ${to}`)
		.default(fallback);
}

/** Epoch seconds. */
export function instant() {
	return z.coerce.number("must be in epoch seconds").min(0, "must be in epoch seconds");
}

/** Throws a `RouterError` 400 that names the parameter, what was given and what is allowed. */
export function parseQuery<Schema extends z.ZodType>({ req }: Context<AppEnv>, schema: Schema): z.infer<Schema> {
	const given = req.query();
	const parsed = schema.safeParse(given);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const name = String(issue?.path[0] ?? "");
	throw new RouterError({ status: 400, message: `${name}="${given[name] ?? ""}" ${issue?.message ?? "is not valid"}` });
}
