/** Picks the node for one request from what is known now. Pure: same input, same choice. */
import type { RouteRequest } from "../protocol/inference.ts";
import { busyOf, type Candidate, candidateOf, type NodeView, parallelOf, slotsOf, isEmbedder } from "./candidate.ts";
import { type Reason, reasonsAgainst } from "./eligibility.ts";
import { canonicalName } from "./names.ts";
import { type Breakdown, score } from "./score.ts";

/** Why this node, in one word; `X-Fleet-Reason` and the trace. */
export type ChoiceReason = "hot-idle" | "hot-shared" | "cold-idle" | "cold-shared" | "only-node";

export type Choice =
	| { kind: "assigned"; nodeId: string; model: string; breakdown: Breakdown; reason: ChoiceReason; resident: boolean }
	/** Some node could serve it, but none has a place now. */
	| { kind: "wait"; model: string }
	| { kind: "refused"; model: string; installedAnywhere: boolean; reasons: Record<string, Reason[]> };

/** A node takes one request more over all its models than one model has places (routing study 1.1, interactive). */
const EXTRA_BUSY = { interactive: 1, agent: 1, batch: 0 } as const;

/** `now` is epoch milliseconds. Degraded nodes are used only when no other node is eligible. */
export function choose(nodes: readonly NodeView[], request: RouteRequest, now: number): Choice {
	const model = canonicalName(request.model);
	const eligible: Candidate[] = [];
	const reasons: Record<string, Reason[]> = {};
	for (const node of nodes) {
		const against = reasonsAgainst(node, model, request);
		if (against.length === 0) eligible.push(candidateOf(node, model));
		else reasons[node.nodeId] = against;
	}
	if (eligible.length === 0) return { kind: "refused", model, installedAnywhere: isInstalledAnywhere(nodes, model), reasons };
	const healthy = eligible.filter(({ node }) => node.status === "online");
	const free = (healthy.length > 0 ? healthy : eligible).filter((candidate) => hasPlace(candidate, request));
	if (free.length === 0) return { kind: "wait", model };
	const context = { now, promptTokens: request.promptTokens, medianBandwidthGbps: medianBandwidth(nodes) };
	return best(free, (candidate) => score(candidate, context), eligible.length);
}

function best(free: readonly Candidate[], rate: (candidate: Candidate) => Breakdown, eligibleCount: number): Choice {
	const rated = free.map((candidate) => ({ candidate, breakdown: rate(candidate) }));
	rated.sort((a, b) => b.breakdown.total - a.breakdown.total || a.candidate.node.nodeId.localeCompare(b.candidate.node.nodeId));
	const [winner] = rated;
	if (!winner) throw new Error("Choosing among no candidates");
	const { node, model, resident } = winner.candidate;
	const reason = eligibleCount === 1 ? "only-node" : (`${resident ? "hot" : "cold"}-${busyOf(node) === 0 ? "idle" : "shared"}` as const);
	return { kind: "assigned", nodeId: node.nodeId, model, breakdown: winner.breakdown, reason, resident: resident !== undefined };
}

/** Never more of one model than Ollama runs at once, nor of all models than the cap, nor a second load beside a first. */
export function hasPlace(candidate: Candidate, { requestClass }: Pick<RouteRequest, "requestClass">): boolean {
	const { node, model, resident, installed } = candidate;
	if ((node.inFlight.get(model) ?? 0) >= slotsOf(candidate)) return false;
	if (!resident && isLoading(node)) return false;
	if (isEmbedder(installed)) return true;
	return busyOf(node) < parallelOf(node) + EXTRA_BUSY[requestClass];
}

/** Work for a model that is not in memory yet: Ollama loads one model at a time. */
function isLoading(node: NodeView): boolean {
	for (const [model, count] of node.inFlight) if (count > 0 && !node.resident.has(model)) return true;
	return false;
}

function isInstalledAnywhere(nodes: readonly NodeView[], model: string): boolean {
	return nodes.some((node) => node.installed.has(model) || node.resident.has(model));
}

export function medianBandwidth(nodes: readonly NodeView[]): number | undefined {
	const known = nodes
		.filter((node) => node.status !== "offline")
		.map((node) => node.beat.platform.memory_bandwidth_gbps ?? 0)
		.filter((bandwidth) => bandwidth > 0)
		.sort((a, b) => a - b);
	const middle = known.length / 2;
	return known.length % 2 === 1 ? known[Math.floor(middle)] : mean(known[middle - 1], known[middle]);
}

function mean(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : (a + b) / 2;
}
