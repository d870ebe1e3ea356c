/** Lets allowed web pages read answers, and answers their preflights as Ollama does (reference/ollama-api.md 2.2). */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../env.ts";
import { isOwnOrigin, originAllowed } from "./hosts.ts";

const STAINLESS =
	"Arch,Async,Custom-Poll-Interval,Helper-Method,Lang,Os,Package-Version,Poll-Helper,Retry-Count,Runtime,Runtime-Version,Timeout";
const ALLOWED_HEADERS = [
	"Authorization",
	"Content-Type",
	"User-Agent",
	"Accept",
	"X-Requested-With",
	"Openai-Beta",
	...STAINLESS.split(",").map((name) => `X-Stainless-${name}`),
];
const PREFLIGHT_SECONDS = "43200";

export const cors = createMiddleware<AppEnv>(async (context, next) => {
	const { headers } = context.req.raw;
	const [origin, host] = [headers.get("origin"), headers.get("host") ?? ""];
	await next();
	if (origin === null || isOwnOrigin(origin, host)) return;
	if (!originAllowed(origin, { host, corsOrigins: context.var.settings.FLEET_CORS_ORIGINS })) return;
	context.res.headers.set("Access-Control-Allow-Origin", origin);
	context.res.headers.append("Vary", "Origin");
});

/** The answer to an allowed page's question whether it may; `methods` are those of the path, empty for one that is not served. */
export function preflight(methods: readonly string[]): Response {
	const response = new Response(null, { status: 204, headers: allowHeader(methods) });
	response.headers.set("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS");
	response.headers.set("Access-Control-Allow-Headers", ALLOWED_HEADERS.join(","));
	response.headers.set("Access-Control-Max-Age", PREFLIGHT_SECONDS);
	response.headers.append("Vary", "Access-Control-Request-Method");
	response.headers.append("Vary", "Access-Control-Request-Headers");
	return response;
}

export function allowHeader(methods: readonly string[]): Record<string, string> {
	return methods.length > 0 ? { Allow: methods.join(", ") } : {};
}
