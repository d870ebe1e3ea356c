/** Requests waiting for a place: bound to a node only at the moment it can start them. Pure over the state given. */
import type { RouteRequest } from "../protocol/inference.ts";
import type { Reason } from "../routing/eligibility.ts";
import { canonicalName } from "../routing/names.ts";
import { noteArrival } from "../routing/rule/demand.ts";
import type { Decision } from "../routing/rule/decision.ts";
import { type Outcome, rulePass } from "../routing/rule/pass.ts";
import type { RuleSettings } from "../routing/rule/settings.ts";
import { type FleetIndex, indexFleet } from "../routing/rule/view.ts";
import { overdue, type PullWord, whilePulled } from "./auto-pull/while-pulled.ts";
import { fleetIndex } from "./fleet-index.ts";
import { grantLease } from "./leases.ts";
import { meaningOf, type NamePolicy, roomierModel } from "./served-models.ts";
import type { FleetState, NodeRecord, Queued } from "./state.ts";

/** By one pass: with a thousand nodes a choice takes a millisecond, and streams wait for a pass to end. */
export const MOST_BOUND = 32;

export interface QueueLimits extends NamePolicy {
	readonly maxWaiting: number;
	readonly timeoutMs: number;
	/** For a model that is being pulled. */
	readonly pullTimeoutMs: number;
	readonly rule: RuleSettings;
}

export interface Placed {
	readonly kind: "assigned";
	readonly node: NodeRecord;
	readonly decision: Decision;
	readonly because: string;
}

/** How a wait ended. */
export type Settlement =
	| Placed
	| {
			readonly kind: "refused";
			readonly model: string;
			readonly installedAnywhere: boolean;
			readonly reasons: Readonly<Record<string, readonly Reason[]>>;
	  }
	| { readonly kind: "timed-out"; readonly waitedMs: number }
	| PullWord
	| { readonly kind: "queue-full"; readonly waiting: number };

/** Puts the request among those that wait; a pass then finds its place. */
export function enqueue(state: FleetState, request: RouteRequest, policy: NamePolicy, now: number): void {
	const queued = toQueued(state, request, policy, now);
	// A second try is no second demand
	if (request.excluded.length === 0) noteArrival(state.knowledge.demand, queued.model, request.requestClass, now);
	state.waiting.set(request.id, queued);
}

export function toQueued(state: FleetState, request: RouteRequest, policy: NamePolicy, now: number): Queued {
	const { app, client, marks, arrivedAt } = request;
	return { request, ...meaningOf(state, fleetIndex(state), request, policy), app, key: client, marks, since: arrivedAt, queuedAt: now };
}

/** Binds what can start now, by the rule, and ends the waits that are too long or have no node left. */
export function pass(state: FleetState, limits: QueueLimits, now: number): Map<string, Settlement> {
	const settled = new Map<string, Settlement>();
	const index = fleetIndex(state);
	for (const queued of state.waiting.values()) {
		const end = overdue(state, queued, limits, now);
		if (end) settled.set(queued.request.id, end);
		else if (queued.request.fallbacks.length > 0)
			state.waiting.set(queued.request.id, { ...queued, ...meaningOf(state, index, queued.request, limits) });
	}
	for (const requestId of settled.keys()) state.waiting.delete(requestId);
	for (const outcome of rulePass({ ...passInput(state, limits, now), index, mostBound: MOST_BOUND })) {
		const result = settle(state, outcome, { limits, index, now });
		if (!result) continue;
		state.waiting.delete(outcome.waiting.request.id);
		settled.set(outcome.waiting.request.id, result);
	}
	return settled;
}

/** What the rule needs to look at all that waits. */
export function passInput(state: FleetState, { rule }: QueueLimits, now: number) {
	return { index: fleetIndex(state), waiting: [...state.waiting.values()], knowledge: state.knowledge, settings: rule, now };
}

function settle(
	state: FleetState,
	outcome: Outcome,
	context: { limits: QueueLimits; index: FleetIndex; now: number },
): Settlement | undefined {
	if (outcome.kind === "left") return undefined;
	const { model } = outcome.waiting;
	if (outcome.kind === "refused") {
		const { reasons } = outcome;
		return whilePulled(state, { kind: "refused", model, installedAnywhere: context.index.byModel.has(model), reasons });
	}
	const roomier = movedTo(state, outcome, context);
	const queued = state.waiting.get(outcome.waiting.request.id);
	const because = roomier ? "larger context" : (queued?.because ?? "");
	const { waiting, job, ...chosen } = roomier ?? outcome;
	const decision = context.now > (queued?.queuedAt ?? context.now) ? afterWaiting(chosen.decision) : chosen.decision;
	const node = grantLease(state, { waiting, decision, job, because }, context.now);
	return { kind: "assigned", node, decision, because };
}

/** A place that was waited for is not one that was free. */
function afterWaiting(decision: Decision): Decision {
	if (decision.reason.startsWith("hot-")) return { ...decision, reason: "wait-hot" };
	return decision.reason.startsWith("cold-") ? { ...decision, reason: "wait-cold" } : decision;
}

/** The same request on the node of a model with enough context, if that has a place: the reload it would else cost hits everybody. */
function movedTo(
	state: FleetState,
	{ waiting, decision }: Extract<Outcome, { kind: "assigned" }>,
	{ limits, now }: { limits: QueueLimits; now: number },
): Extract<Outcome, { kind: "assigned" }> | undefined {
	const roomier = limits.contextProtection === "strip" && roomierModel(state, waiting, decision);
	const holder = roomier && state.nodes.get(roomier.nodeId);
	if (!holder) return undefined;
	const moved = { ...waiting, model: canonicalName(roomier.name) };
	const [outcome] = rulePass({ ...passInput(state, limits, now), index: indexFleet([holder]), waiting: [moved] });
	return outcome?.kind === "assigned" ? outcome : undefined;
}
