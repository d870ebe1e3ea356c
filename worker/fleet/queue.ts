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
import { meaningOf, type NamePolicy, roomierModel, standInFor } from "./served-models.ts";
import type { FleetState, NodeRecord, Queued } from "./state.ts";

/** By one pass: with a thousand nodes a choice takes a millisecond, and streams wait for a pass to end. */
export const MOST_BOUND = 32;

export interface QueueLimits extends NamePolicy {
	readonly maxWaiting: number;
	readonly timeoutMs: number;
	/** Of batches, which nobody sits waiting for. */
	readonly batchTimeoutMs: number;
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
		else if (queued.request.fallbacks.length > 0 || queued.because === "vram_fallback")
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
	const { model } = outcome.waiting;
	if (outcome.kind === "refused") {
		const { reasons } = outcome;
		return whilePulled(state, { kind: "refused", model, installedAnywhere: context.index.byModel.has(model), reasons });
	}
	const standIn = quickerStandIn(state, outcome, context);
	if (outcome.kind === "left" && !standIn) return undefined;
	const assigned = standIn ?? outcome;
	if (assigned.kind !== "assigned") return undefined;
	const roomier = standIn ? undefined : movedTo(state, assigned, context);
	const queued = state.waiting.get(outcome.waiting.request.id);
	const because = standIn ? "vram_fallback" : roomier ? "larger context" : (queued?.because ?? "");
	const { waiting, job, ...chosen } = roomier ?? assigned;
	const decision = reasoned(chosen.decision, { because, waited: context.now > (queued?.queuedAt ?? context.now) });
	const node = grantLease(state, { waiting, decision, job, because }, context.now);
	return { kind: "assigned", node, decision, because };
}

const FALLBACKS = new Set(["fallback_models", "vram_fallback"]);

/** A place that was waited for is not one that was free, and another model than the one asked for is the first thing to know. */
function reasoned(decision: Decision, { because, waited }: { because: string; waited: boolean }): Decision {
	if (FALLBACKS.has(because)) return { ...decision, reason: "fallback" };
	if (waited && decision.reason.startsWith("hot-")) return { ...decision, reason: "wait-hot" };
	return waited && decision.reason.startsWith("cold-") ? { ...decision, reason: "wait-cold" } : decision;
}

const FAR_MORE = 2;

/** A model that many ask for is worth its load: the origin's guard. */
function isFarMoreWanted({ priorities }: FleetState, model: string, other: string): boolean {
	return (priorities.get(model) ?? 0) > FAR_MORE * (priorities.get(other) ?? 0);
}

type Assigned = Extract<Outcome, { kind: "assigned" }>;

/** A loaded model, where the one asked for would take very long to its first token. Batches have the time. */
function quickerStandIn(
	state: FleetState,
	{ waiting, decision }: Exclude<Outcome, { kind: "refused" }>,
	{ limits, index, now }: { limits: QueueLimits; index: FleetIndex; now: number },
): Assigned | undefined {
	const { vramAfterS } = limits.fallback;
	if (!decision || decision.terms.ttftS <= vramAfterS || waiting.request.requestClass === "batch") return undefined;
	const standIn = standInFor(state, index, waiting, limits);
	if (!standIn || isFarMoreWanted(state, waiting.model, standIn.model)) return undefined;
	const [outcome] = rulePass({ ...passInput(state, limits, now), index, waiting: [{ ...waiting, model: standIn.model }] });
	return outcome?.kind === "assigned" && outcome.decision.resident && outcome.decision.terms.ttftS <= vramAfterS ? outcome : undefined;
}

/** The same request on the node of a model with enough context, if that has a place: the reload it would else cost hits everybody. */
function movedTo(
	state: FleetState,
	{ waiting, decision }: Assigned,
	{ limits, now }: { limits: QueueLimits; now: number },
): Assigned | undefined {
	const roomier = limits.contextProtection === "strip" && roomierModel(state, waiting, decision);
	const holder = roomier && state.nodes.get(roomier.nodeId);
	if (!holder) return undefined;
	const moved = { ...waiting, model: canonicalName(roomier.name) };
	const [outcome] = rulePass({ ...passInput(state, limits, now), index: indexFleet([holder]), waiting: [moved] });
	return outcome?.kind === "assigned" ? outcome : undefined;
}
