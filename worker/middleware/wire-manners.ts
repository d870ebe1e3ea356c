/** What Go's HTTP server does of itself on every answer, and clients may count on: a Date, and the length with a HEAD. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../env.ts";

export const wireManners = createMiddleware<AppEnv>(async (context, next) => {
	await next();
	const { headers } = context.res;
	if (!headers.has("date")) headers.set("Date", new Date().toUTCString());
	if (context.req.raw.method !== "HEAD" || headers.has("content-length")) return;
	headers.set("Content-Length", String((await context.res.clone().arrayBuffer()).byteLength));
});
