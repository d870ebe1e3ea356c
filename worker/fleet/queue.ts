/** Requests waiting for a place: bound to a node only at the moment it can start them. Pure over the state given. */
import type { RouteRequest } from "../protocol/inference.ts";
import type { Choice } from "../routing/choose.ts";
import { grantLease } from "./leases.ts";
import { type Placement, type PlacementPolicy, placementFor } from "./placement.ts";
import type { FleetState, NodeRecord, Waiting } from "./state.ts";

export interface QueueLimits extends PlacementPolicy {
	readonly maxWaiting: number;
	readonly timeoutMs: number;
}

export type Placed = Extract<Placement, { kind: "assigned" }> & { node: NodeRecord };
type NotPlaced = Extract<Choice, { kind: "refused" }>;
export type Acquired = Placed | NotPlaced | { kind: "waiting" } | { kind: "queue-full"; waiting: number };
/** How a wait ended. */
export type Settled = { requestId: string; result: Placed | NotPlaced | { kind: "timed-out"; waitedMs: number } };

/** Places the request, or queues it behind older ones for the same model. */
export function acquire(state: FleetState, request: RouteRequest, limits: QueueLimits, now: number): Acquired {
	const choice = placementFor(state, request, limits, now);
	if (choice.kind === "refused") return choice;
	if (choice.kind === "assigned" && !someoneWaitsFor(state, choice.model)) return place(state, request, choice, now);
	if (state.waiting.size >= limits.maxWaiting) return { kind: "queue-full", waiting: state.waiting.size };
	state.waiting.set(request.id, { request, model: choice.model, since: now });
	return { kind: "waiting" };
}

/** Binds every waiting request that can start now, oldest first, and ends those that waited too long or have no node left. */
export function pass(state: FleetState, limits: QueueLimits, now: number): Settled[] {
	const settled: Settled[] = [];
	const stuck = new Set<string>();
	for (const [requestId, waiting] of state.waiting) {
		const result = settle(state, waiting, { limits, stuck, now });
		if (!result) continue;
		state.waiting.delete(requestId);
		settled.push({ requestId, result });
	}
	return settled;
}

/** A model, class and set of excluded nodes that found no place finds none for the next request either. */
function settle(
	state: FleetState,
	{ request, model, since }: Waiting,
	{ limits, stuck, now }: { limits: QueueLimits; stuck: Set<string>; now: number },
): Settled["result"] | undefined {
	if (now - since > limits.timeoutMs) return { kind: "timed-out", waitedMs: now - since };
	const kind = [
		model,
		...request.fallbacks,
		request.numCtx,
		request.tiedToModel,
		request.requestClass,
		request.path,
		request.needsVision,
		...request.excluded,
	].join(" ");
	if (stuck.has(kind)) return undefined;
	const choice = placementFor(state, request, limits, now);
	if (choice.kind === "assigned") return place(state, request, choice, now);
	if (choice.kind === "refused") return choice;
	stuck.add(kind);
	return undefined;
}

function place(state: FleetState, request: RouteRequest, choice: Extract<Placement, { kind: "assigned" }>, now: number): Placed {
	const node = state.nodes.get(choice.nodeId);
	if (!node) throw new Error(`Chose node "${choice.nodeId}", which is not in the fleet`);
	grantLease(state, { requestId: request.id, nodeId: choice.nodeId, model: choice.model }, now);
	return { ...choice, node };
}

function someoneWaitsFor(state: FleetState, model: string): boolean {
	for (const waiting of state.waiting.values()) if (waiting.model === model) return true;
	return false;
}
