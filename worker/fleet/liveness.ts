/** Silence: a node is degraded, then offline. Pure over the state given. */
import type { FleetState, NodeRecord } from "./state.ts";

export const DEGRADED_AFTER_MS = 15_000;
export const OFFLINE_AFTER_MS = 30_000;
/** A machine that was never let in is forgotten after this silence. */
const PENDING_KEPT_MS = 120_000;

export function statusAt(node: Pick<NodeRecord, "approved" | "lastSeenAt">, now: number): NodeRecord["status"] {
	const silence = now - node.lastSeenAt;
	if (!node.approved) return "pending";
	if (silence > OFFLINE_AFTER_MS) return "offline";
	return silence > DEGRADED_AFTER_MS ? "degraded" : "online";
}

/** Brings every node's status up to date; true when one changed. */
export function updateLiveness(state: FleetState, now: number): boolean {
	let changed = false;
	for (const node of state.nodes.values()) {
		const status = statusAt(node, now);
		if (status !== node.status) changed = true;
		node.status = status;
	}
	for (const [nodeId, node] of state.pending) if (now - node.lastSeenAt > PENDING_KEPT_MS) state.pending.delete(nodeId);
	return changed;
}
