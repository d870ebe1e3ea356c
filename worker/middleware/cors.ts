/** Lets allowed web pages read answers, and answers their preflights as Ollama does (reference/ollama-api.md 2.2). */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../env.ts";
import { originAllowed } from "./hosts.ts";

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
	const { method, headers } = context.req.raw;
	const origin = headers.get("origin");
	const allowed =
		origin !== null && originAllowed(origin, { host: headers.get("host") ?? "", corsOrigins: context.var.settings.FLEET_CORS_ORIGINS });
	if (method === "OPTIONS") return preflight(origin, allowed);
	await next();
	if (!allowed) return;
	const response = new Response(context.res.body, context.res);
	response.headers.set("access-control-allow-origin", origin);
	response.headers.append("vary", "Origin");
	context.res = response;
});

function preflight(origin: string | null, allowed: boolean): Response {
	if (origin === null) return new Response(null, { status: 204 });
	if (!allowed) return new Response(null, { status: 403 });
	const headers = {
		"access-control-allow-origin": origin,
		"access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
		"access-control-allow-headers": ALLOWED_HEADERS.join(","),
		"access-control-max-age": PREFLIGHT_SECONDS,
		vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
	};
	return new Response(null, { status: 204, headers });
}
