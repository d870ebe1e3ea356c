/** A node goes out of service and back at somebody's word: what runs there finishes, nothing new comes. Pure over the state given. */
import type { Drain } from "../protocol/heartbeat.ts";
import { type NodeReason, nodeReasons } from "../routing/eligibility.ts";
import { sameSecret } from "../secrets.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** What came of it. */
export interface Drained {
	/** What keeps work from the node now: its own agent may drain it as well. */
	readonly blockedBy: readonly NodeReason[];
	readonly running: number;
}

/** Who says so: the router's admin, or whoever shows the node's own secret. */
export type Speaker = "admin" | { readonly secret: string | undefined };

/** Undefined when no such node is in the fleet, or the word is not its own. */
export function setDrained(state: FleetState, { node_id: nodeId, draining }: Drain, by: Speaker): NodeRecord | undefined {
	const node = state.nodes.get(nodeId);
	if (!node || (by !== "admin" && !sameSecret(by.secret, node.secret))) return undefined;
	node.drained = draining;
	return node;
}

export function drainedOf(node: NodeRecord): Drained {
	return { blockedBy: nodeReasons(node), running: node.jobs.length };
}
