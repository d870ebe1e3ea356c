/** What is said to a path or method that no route has: in Ollama's own forms, down to the redirects of untidy paths. */
import type { Context } from "hono";
import type { AppEnv } from "../env.ts";
import { allowHeader, preflight } from "../middleware/cors.ts";
import { hostAllowed, originAllowed } from "../middleware/hosts.ts";
import { ROUTES } from "./table.ts";

/** Ollama answers HEAD on few routes; the rest of ours is nobody's precedent. The head of an endless stream would never end. */
const NO_HEAD = /^\/(?:api\/ps|v1\/models(?:\/.*)?|fleet\/events|dashboard\/events)$/;

/** `Allow` for a path, in Ollama's order; empty when it is not served at all. */
export function allowedMethods(path: string): string[] {
	const methods = ROUTES.filter((route) => matches(route.path, path)).map(({ method }) => method);
	return [...new Set(methods.flatMap((method) => (method === "GET" && !NO_HEAD.test(path) ? ["HEAD", "GET"] : [method])))];
}

export function refusesHead(path: string): boolean {
	return NO_HEAD.test(path);
}

export function notFound({ req }: Context<AppEnv>): Response {
	const methods = allowedMethods(req.path);
	if (methods.length > 0) return methodNotAllowed(methods);
	return redirectOfUntidy(req) ?? new Response("404 page not found", { status: 404, headers: { "Content-Type": "text/plain" } });
}

export function methodNotAllowed(methods: readonly string[]): Response {
	return new Response("405 method not allowed", { status: 405, headers: { "Content-Type": "text/plain", ...allowHeader(methods) } });
}

/** OPTIONS, on any path. */
export function options({ req, var: { settings } }: Context<AppEnv>): Response {
	const { headers } = req.raw;
	const [host, origin, methods] = [headers.get("host") ?? "", headers.get("origin"), allowedMethods(req.path)];
	const refused = () => new Response(null, { status: 403, headers: allowHeader(methods) });
	if (!hostAllowed(host, { allowedHosts: settings.FLEET_ALLOWED_HOSTS, edge: settings.FLEET_EDGE })) return refused();
	if (origin === null) return new Response(null, { status: methods.length > 0 ? 204 : 404, headers: allowHeader(methods) });
	return originAllowed(origin, { host, corsOrigins: settings.FLEET_CORS_ORIGINS }) ? preflight(methods) : refused();
}

/** A slash too many at the end, or two in a row. */
function redirectOfUntidy({ path, raw, method }: Context<AppEnv>["req"]): Response | undefined {
	if (tidied(path) === path || allowedMethods(tidied(path)).length === 0) return undefined;
	const permanent = method === "GET" && !path.includes("//");
	// The path as it was sent: decoded, it may hold what no header takes
	const { pathname, search } = new URL(raw.url);
	const location = tidied(pathname) + search;
	const [status, words] = permanent ? ([301, "Moved Permanently"] as const) : ([307, "Temporary Redirect"] as const);
	if (method !== "GET") return new Response(null, { status, headers: { Location: location } });
	const page = `<a href="${location.replaceAll("&", "&amp;").replaceAll('"', "&#34;")}">${words}</a>.\n\n`;
	return new Response(page, { status, headers: { "Content-Type": "text/html; charset=utf-8", Location: location } });
}

function tidied(path: string): string {
	return path.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
}

function matches(pattern: string, path: string): boolean {
	if (pattern === path) return true;
	if (!pattern.includes(":")) return false;
	const [wanted, given] = [pattern.split("/"), path.split("/")];
	return wanted.length === given.length && wanted.every((part, index) => part.startsWith(":") || part === given[index]);
}
