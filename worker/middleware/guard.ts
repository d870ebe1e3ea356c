/** The checks before every route, from the row of the table that describes it. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { Route } from "../routes/route.ts";
import { bearerOf, sameSecret } from "../secrets.ts";
import type { Settings } from "../settings.ts";
import { hostAllowed, originAllowed } from "./hosts.ts";

/** Host, Origin, content type, then who is asking. Throws a `RouterError` that says what was refused and which setting allows it. */
export function guard(route: Route) {
	return createMiddleware<AppEnv>(async (context, next) => {
		const { settings } = context.var;
		const { headers } = context.req.raw;
		const admin = sameSecret(bearerOf(headers.get("authorization")), settings.FLEET_ADMIN_KEY);
		if (!admin) checkHost(headers, { allowedHosts: settings.FLEET_ALLOWED_HOSTS, edge: settings.FLEET_EDGE });
		if (!admin && (route.effects || isOllamas(route.path))) checkOrigin(headers, settings.FLEET_CORS_ORIGINS);
		if (route.jsonOnly) checkContentType(headers);
		if (route.access === "admin" && !admin && !isUnkeyed(settings)) throw new RouterError({ status: 401, message: ADMIN_MESSAGE });
		if (route.access === "manage" && !admin && settings.FLEET_AUTH === "keys")
			throw new RouterError({ status: 401, message: ADMIN_MESSAGE });
		const needsKey = settings.FLEET_AUTH === "keys" && (route.access === "inference" || route.access === "read");
		if (needsKey && !admin)
			throw new RouterError({ status: 401, message: 'This router needs a key: send it as "Authorization: Bearer KEY"' });
		await next();
	});
}

const ADMIN_MESSAGE = 'This needs the admin key as "Authorization: Bearer KEY": it is in the file admin-key in the router\'s data folder';

/** Only plain `wrangler dev` is: `herd` and `npm run dev` bring an admin key, and a deploy is not, even one that is open. */
function isUnkeyed(settings: Settings): boolean {
	return settings.FLEET_AUTH === "open" && settings.FLEET_ADMIN_KEY === "" && !settings.FLEET_EDGE;
}

/** Ollama refuses foreign pages on every route, so the router does on those of Ollama. */
function isOllamas(path: string): boolean {
	return path === "/" || path.startsWith("/api/") || path.startsWith("/v1/");
}

function checkHost(headers: Headers, policy: Parameters<typeof hostAllowed>[1]): void {
	const host = headers.get("host") ?? "";
	if (hostAllowed(host, policy)) return;
	throw new RouterError({ status: 403, message: `Host "${host}" is not one of this router's names: add it to FLEET_ALLOWED_HOSTS` });
}

function checkOrigin(headers: Headers, corsOrigins: readonly string[]): void {
	const origin = headers.get("origin");
	if (origin === null || originAllowed(origin, { host: headers.get("host") ?? "", corsOrigins })) return;
	throw new RouterError({ status: 403, message: `Pages of "${origin}" may not call this router: add it to FLEET_CORS_ORIGINS` });
}

function checkContentType(headers: Headers): void {
	const given = headers.get("content-type") ?? "";
	if (/^application\/json\b/i.test(given)) return;
	throw new RouterError({ status: 415, message: `Content-Type "${given}" is not taken here: send application/json` });
}
