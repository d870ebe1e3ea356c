/** Finds the route of a request, and answers what has none: 404, 405, redirects, preflights. */
import type { SimulatedNode } from "../node.ts";
import type { Route } from "../routes/route.ts";
import type { Exchange } from "./exchange.ts";
import { allowOrigin, hostAllowed, isSameOrigin, originAllowed, preflight } from "./origin.ts";

const PLAIN = "text/plain";
const HTML = "text/html; charset=utf-8";

export async function dispatch(routes: readonly Route[], node: SimulatedNode, exchange: Exchange): Promise<void> {
	const here = routes.filter((route) => matches(route, exchange.path) !== undefined);
	const methods = [...new Set(here.map(({ method }) => method))];
	if (methods.length > 0 && !methods.includes(exchange.method)) exchange.always(["Allow", methods.join(", ")]);
	if (!admit(exchange, methods, node.checksHost)) return;
	const route = here.find(({ method }) => method === exchange.method);
	if (route) return route.handle(node, exchange, matches(route, exchange.path) ?? "");
	if (methods.length > 0) return exchange.send({ status: 405, type: PLAIN, body: "405 method not allowed" });
	if (!redirect(routes, exchange)) exchange.send({ status: 404, type: PLAIN, body: "404 page not found" });
}

/** The parameter of a matching route, empty for one without; `undefined` when it does not match. */
function matches({ path }: Route, asked: string): string | undefined {
	if (!path.endsWith("/:")) return path === asked ? "" : undefined;
	const prefix = path.slice(0, -1);
	const rest = asked.startsWith(prefix) ? asked.slice(prefix.length) : "";
	return rest !== "" && !rest.includes("/") ? decodeURIComponent(rest) : undefined;
}

function admit(exchange: Exchange, methods: readonly string[], checksHost: boolean): boolean {
	const origin = exchange.header("origin");
	const host = exchange.header("host");
	if (origin !== undefined && !isSameOrigin(origin, host)) {
		if (!originAllowed(origin)) return refuse(exchange, 403);
		if (exchange.method === "OPTIONS") {
			exchange.sendBare(204, preflight(origin));
			return false;
		}
		exchange.always(...allowOrigin(origin));
	}
	if (checksHost && !hostAllowed(host)) return refuse(exchange, 403);
	if (exchange.method !== "OPTIONS" || methods.length === 0) return true;
	exchange.sendBare(204);
	return false;
}

function refuse(exchange: Exchange, status: number): false {
	exchange.send({ status });
	return false;
}

/** A trailing slash too many, or two in a row, leads to the route without. */
function redirect(routes: readonly Route[], exchange: Exchange): boolean {
	const doubled = exchange.path.includes("//");
	const target = exchange.path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
	if (target === exchange.path || !routes.some((route) => route.method === exchange.method && matches(route, target) !== undefined))
		return false;
	const location = exchange.query === "" ? target : `${target}?${exchange.query}`;
	const permanent = exchange.method === "GET" && !doubled;
	const words = permanent ? "Moved Permanently" : "Temporary Redirect";
	const page = exchange.method === "GET" ? { type: HTML, body: `<a href="${location}">${words}</a>.\n\n` } : {};
	exchange.send({ status: permanent ? 301 : 307, headers: [["Location", location]], ...page });
	return true;
}
