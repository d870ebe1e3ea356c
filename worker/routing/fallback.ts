/** The order in which models are tried for one request: the one asked for on any node, then the client's own list. Pure. */
import type { RouteRequest } from "../protocol/inference.ts";
import type { NodeView } from "./candidate.ts";
import { choose, type Choice } from "./choose.ts";

/**
 * The first model that some node can serve, now or after a wait: a fallback never beats the model asked for just because it is
 * in memory. When none can be served, the refusal is about the model asked for.
 */
export function chooseModel(nodes: readonly NodeView[], request: RouteRequest, now: number): Choice {
	const first = choose(nodes, request, now);
	if (first.kind !== "refused") return first;
	for (const model of request.fallbacks) {
		const choice = choose(nodes, { ...request, model }, now);
		if (choice.kind !== "refused") return choice;
	}
	return first;
}
