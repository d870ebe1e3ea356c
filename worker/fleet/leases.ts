/** Places on nodes: taken in one step with the choice, given back once, however a request ends. Pure over the state given. */
import { withTrial } from "../routing/breaker.ts";
import { changed } from "../routing/estimate/occupancy.ts";
import { noteUse } from "../routing/rule/demand.ts";
import type { Job } from "../routing/rule/view.ts";
import type { FleetState, Lease, NodeRecord } from "./state.ts";

const LEASE_MS = 60_000;
/** No beat is under way for longer. */
const ENDED_KEPT_MS = 10_000;

/** What the rule decided is done: the request runs there from now on, and what its load pushes out is gone. */
export function grantLease(
	state: FleetState,
	{ waiting, decision, job, because }: Pick<Lease, "waiting" | "decision" | "job" | "because">,
	now: number,
): NodeRecord {
	const node = state.nodes.get(decision.nodeId);
	if (!node) throw new Error(`Chose node "${decision.nodeId}", which is not in the fleet`);
	const { demand, prefixes, solo } = state.knowledge;
	const loadsAlone = !decision.resident && node.jobs.every(({ model }) => node.resident.has(model));
	if (!decision.resident) prefixes.forget(decision.nodeId, decision.model);
	for (const victim of decision.victims) {
		node.resident.delete(victim);
		node.unloadedAt.set(victim, now);
	}
	run(node, job, now);
	node.breakers = withTrial(node.breakers, decision.model, job.requestId);
	solo.delete(job.requestId);
	noteUse(demand, waiting.key, job.estimateS, now);
	const lease = { waiting, decision, job, because, occupancy: node.occupancy, loadsAlone, expiresAt: now + LEASE_MS };
	state.leases.set(job.requestId, lease);
	return node;
}

/** Gives a place back; undefined when the request holds none (released twice, or reaped before). */
export function releaseLease(state: FleetState, requestId: string, now: number): Lease | undefined {
	const lease = state.leases.get(requestId);
	if (!lease) return undefined;
	state.leases.delete(requestId);
	noteEnd(state, requestId, now);
	const node = state.nodes.get(lease.decision.nodeId);
	if (node) stop(node, lease.job, now);
	return lease;
}

/** False once the lease was taken back, or its node is silent or no longer in the fleet. One that said farewell still ends its work. */
export function holdsPlace(state: FleetState, requestId: string): boolean {
	const node = state.nodes.get(state.leases.get(requestId)?.decision.nodeId ?? "");
	return node !== undefined && (node.left || node.status !== "offline");
}

/** The agent still passes these requests through its door. */
export function renewLeases(state: FleetState, nodeId: string, requestIds: readonly string[], now: number): void {
	for (const requestId of requestIds) {
		const lease = state.leases.get(requestId);
		if (lease?.decision.nodeId === nodeId) lease.expiresAt = expiryOf(lease, now);
	}
}

/** Ever further off while beats list the request, but for what a client left behind. */
export function expiryOf({ leftover }: Pick<Lease, "leftover">, now: number): number {
	return Math.min(now + LEASE_MS, leftover?.endsAt ?? Infinity);
}

/** Takes back places whose holder is gone (a killed router process, a lost call). */
export function reapLeases(state: FleetState, now: number): Lease[] {
	const expired = [...state.leases.values()].filter(({ expiresAt }) => expiresAt < now);
	for (const { job } of expired) releaseLease(state, job.requestId, now);
	return expired;
}

/** The request's place was given back just now, so that a beat which still lists it knows no better. */
export function endedLately({ ended }: FleetState, requestId: string, now: number): boolean {
	return now - (ended.get(requestId) ?? -Infinity) <= ENDED_KEPT_MS;
}

/** From now on the request's rest is reckoned from its tokens, not from its estimate. */
export function noteFirstToken(state: FleetState, requestId: string, at: number): void {
	const node = state.nodes.get(state.leases.get(requestId)?.decision.nodeId ?? "");
	if (node) node.jobs = node.jobs.map((job) => (job.requestId === requestId ? { firstTokenAt: at, ...job } : job));
}

/** Oldest first, so that only those are looked at which are dropped. */
function noteEnd(state: FleetState, requestId: string, now: number): void {
	state.ended.delete(requestId);
	state.ended.set(requestId, now);
	for (const earlier of state.ended.keys()) {
		if (endedLately(state, earlier, now)) break;
		state.ended.delete(earlier);
	}
}

function run(node: NodeRecord, job: Job, now: number): void {
	node.jobs = [...node.jobs, job];
	node.inFlight.set(job.model, (node.inFlight.get(job.model) ?? 0) + 1);
	node.occupancy = changed(node.occupancy, 1, now);
}

function stop(node: NodeRecord, { requestId, model }: Job, now: number): void {
	node.jobs = node.jobs.filter((job) => job.requestId !== requestId);
	const count = (node.inFlight.get(model) ?? 0) - 1;
	if (count > 0) node.inFlight.set(model, count);
	else node.inFlight.delete(model);
	node.occupancy = changed(node.occupancy, -1, now);
}
