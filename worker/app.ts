/** Mounts the table of routes behind its guards. The only place that turns an error into an answer. */
import { Hono } from "hono";
import { type AppEnv, settingsOf } from "./env.ts";
import { dialectOf, errorResponse, RouterError } from "./errors.ts";
import { log } from "./log.ts";
import { cors } from "./middleware/cors.ts";
import { guard } from "./middleware/guard.ts";
import { ROUTES } from "./routes/table.ts";
import { SettingsError } from "./settings.ts";

export const app = new Hono<AppEnv>();

app.use(async (context, next) => {
	context.set("settings", settingsOf(context.env));
	await next();
});
app.use(cors);
for (const route of ROUTES) app.on(route.method, route.path, guard(route), route.handle);

app.notFound(({ req }) => {
	const methods = allowedMethods(req.path);
	if (methods.length === 0) return new Response("404 page not found", { status: 404, headers: { "content-type": "text/plain" } });
	return new Response("405 method not allowed", { status: 405, headers: { "content-type": "text/plain", allow: methods.join(", ") } });
});

app.onError((error, { req }) => {
	if (error instanceof RouterError) return errorResponse(dialectOf(req.path), error.refusal);
	log("error", "Request failed", { path: req.path, error: String(error) });
	const message =
		error instanceof SettingsError ? `The router's settings are wrong: ${error.message}` : "the router failed, its log says why";
	return errorResponse(dialectOf(req.path), { status: 500, message });
});

/** Methods of the routes with this path; Hono answers HEAD wherever there is GET. */
function allowedMethods(path: string): string[] {
	const methods = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
	return [...new Set(methods.flatMap((method) => (method === "GET" ? ["HEAD", "GET"] : [method])))];
}
