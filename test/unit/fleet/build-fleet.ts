/** Requests through the queue, as the Fleet object sends them. */
import { enqueue, pass, type QueueLimits, type Settlement } from "../../../worker/fleet/queue.ts";
import type { FleetState } from "../../../worker/fleet/state.ts";
import { RULE_DEFAULTS } from "../../../worker/routing/rule/settings.ts";
import type { RouteRequest } from "../../../worker/protocol/inference.ts";
import { request } from "../build-node.ts";

export const FALLBACK = { vram: true, vramAfterS: 60, crossCategory: false, preferHot: false };
export const LIMITS: QueueLimits = {
	maxWaiting: 2,
	timeoutMs: 1000,
	batchTimeoutMs: 5000,
	pullTimeoutMs: 5000,
	aliases: {},
	contextProtection: "strip",
	fallback: FALLBACK,
	rule: RULE_DEFAULTS,
};

/** What becomes of it at once: the node it goes to, or how it ended, or `waits`. */
export function ask(state: FleetState, facts: Partial<RouteRequest> = {}, limits: Partial<QueueLimits> = {}, now = 0): string {
	return word(settle(state, facts, limits, now));
}

export function settle(
	state: FleetState,
	facts: Partial<RouteRequest> = {},
	limits: Partial<QueueLimits> = {},
	now = 0,
): Settlement | undefined {
	const asked = request({ arrivedAt: now, ...facts });
	enqueue(state, asked, { ...LIMITS, ...limits }, now);
	return pass(state, { ...LIMITS, ...limits }, now).get(asked.id);
}

/** Who is settled by a pass, and how. */
export function passed(state: FleetState, now = 0, limits: Partial<QueueLimits> = {}): Record<string, string> {
	return Object.fromEntries([...pass(state, { ...LIMITS, ...limits }, now)].map(([id, settlement]) => [id, word(settlement)]));
}

function word(settlement: Settlement | undefined): string {
	if (!settlement) return "waits";
	return settlement.kind === "assigned" ? settlement.node.nodeId : settlement.kind;
}
