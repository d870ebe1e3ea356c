/** Places on nodes: taken in one step with the choice, given back once, however a request ends. Pure over the state given. */
import type { FleetState, Lease } from "./state.ts";

const LEASE_MS = 60_000;

export function grantLease(
	state: FleetState,
	{ requestId, nodeId, model }: Pick<Lease, "requestId" | "nodeId" | "model">,
	now: number,
): void {
	state.leases.set(requestId, { requestId, nodeId, model, grantedAt: now, expiresAt: now + LEASE_MS });
	addInFlight(state, nodeId, model, 1);
}

/** Gives a place back; false when the request holds none (released twice, or reaped before). */
export function releaseLease(state: FleetState, requestId: string): boolean {
	const lease = state.leases.get(requestId);
	if (!lease) return false;
	state.leases.delete(requestId);
	addInFlight(state, lease.nodeId, lease.model, -1);
	return true;
}

/** False once the lease was taken back, or its node is silent or no longer in the fleet. One that said farewell still ends its work. */
export function holdsPlace(state: FleetState, requestId: string): boolean {
	const node = state.nodes.get(state.leases.get(requestId)?.nodeId ?? "");
	return node !== undefined && (node.left || node.status !== "offline");
}

/** The agent still passes these requests through its door. */
export function renewLeases(state: FleetState, nodeId: string, requestIds: readonly string[], now: number): void {
	for (const requestId of requestIds) {
		const lease = state.leases.get(requestId);
		if (lease?.nodeId === nodeId) lease.expiresAt = now + LEASE_MS;
	}
}

/** Takes back places whose holder is gone (a killed router process, a lost call). Returns the request ids. */
export function reapLeases(state: FleetState, now: number): string[] {
	const expired = [...state.leases.values()].filter((lease) => lease.expiresAt < now).map((lease) => lease.requestId);
	for (const requestId of expired) releaseLease(state, requestId);
	return expired;
}

function addInFlight(state: FleetState, nodeId: string, model: string, change: number): void {
	const node = state.nodes.get(nodeId);
	if (!node) return;
	const count = (node.inFlight.get(model) ?? 0) + change;
	if (count > 0) node.inFlight.set(model, count);
	else node.inFlight.delete(model);
}
