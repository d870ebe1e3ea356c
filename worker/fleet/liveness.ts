/** Silence: a node is degraded, then offline. Pure over the state given. */
import { liftPauses } from "./pauses.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** How long a node may be silent: the origin's FLEET_HEARTBEAT_TIMEOUT and FLEET_HEARTBEAT_OFFLINE. */
export interface Patience {
	readonly degradedAfterMs: number;
	readonly offlineAfterMs: number;
}

export const USUAL_PATIENCE: Patience = { degradedAfterMs: 15_000, offlineAfterMs: 30_000 };
/** A machine that was never let in is forgotten after this silence. */
const PENDING_KEPT_MS = 120_000;

type Seen = Pick<NodeRecord, "approved" | "lastSeenAt" | "left">;

export function statusAt(node: Seen, patience: Patience, now: number): NodeRecord["status"] {
	if (!node.approved) return "pending";
	if (isGone(node, patience, now)) return "offline";
	return now - node.lastSeenAt > patience.degradedAfterMs ? "degraded" : "online";
}

/** It said farewell, or was silent for too long. */
export function isGone({ lastSeenAt, left }: Seen, { offlineAfterMs }: Patience, now: number): boolean {
	return left || now - lastSeenAt > offlineAfterMs;
}

/** Brings every node's status up to date, and ends pauses whose time is over; true when something changed. */
export function updateLiveness(state: FleetState, now: number): boolean {
	let changed = liftPauses(state, now);
	for (const node of state.nodes.values()) {
		const status = statusAt(node, state.patience, now);
		if (status !== node.status) changed = true;
		node.status = status;
	}
	for (const [nodeId, node] of state.pending) if (now - node.lastSeenAt > PENDING_KEPT_MS) state.pending.delete(nodeId);
	return changed;
}
