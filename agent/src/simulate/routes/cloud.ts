/** What a real Ollama asks its maker's servers for. A simulated machine is never on the internet. */
import { unreachable } from "../inference/cloud.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { sendError, type Route } from "./route.ts";

function account(_node: SimulatedNode, exchange: Exchange): void {
	sendError(exchange, 503, "account unavailable");
}

function search(node: SimulatedNode, exchange: Exchange): void {
	sendError(exchange, 502, unreachable(exchange.path.replace("/experimental", ""), node.clock.now()));
}

export const cloudRoutes: Route[] = [
	{ method: "POST", path: "/api/me", handle: account },
	{ method: "POST", path: "/api/experimental/web_search", handle: search },
	{ method: "POST", path: "/api/experimental/web_fetch", handle: search },
];
