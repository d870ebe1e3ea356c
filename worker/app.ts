/** Mounts the table of routes behind its guards. The only place that turns an error into an answer. */
import { Hono } from "hono";
import { type AppEnv, refreshSettings, settingsOf } from "./env.ts";
import { dialectOf, errorResponse, RouterError } from "./errors.ts";
import { log } from "./log.ts";
import { cors } from "./middleware/cors.ts";
import { guard } from "./middleware/guard.ts";
import { wireManners } from "./middleware/wire-manners.ts";
import { allowedMethods, methodNotAllowed, notFound, options, refusesHead } from "./routes/fallbacks.ts";
import { ROUTES } from "./routes/table.ts";
import { SettingsError } from "./settings.ts";
import { isKnown } from "./settings/in-force.ts";

export const app = new Hono<AppEnv>();

app.use(async (context, next) => {
	if (!isKnown(Date.now())) await refreshSettings(context.env);
	context.set("settings", settingsOf(context.env));
	await next();
});
app.use(wireManners);
app.use(cors);
app.options("*", options);
app.use(async ({ req }, next) => {
	if (req.raw.method === "HEAD" && refusesHead(req.path)) return methodNotAllowed(allowedMethods(req.path));
	return next();
});
for (const route of ROUTES) app.on(route.method, route.path, guard(route), route.handle);
app.notFound(notFound);

app.onError((error, { req }) => {
	if (error instanceof RouterError) return errorResponse(dialectOf(req.path), error.refusal);
	log("error", "Request failed", { path: req.path, error: String(error) });
	const message =
		error instanceof SettingsError ? `The router's settings are wrong: ${error.message}` : "the router failed, its log says why";
	return errorResponse(dialectOf(req.path), { status: 500, message });
});
