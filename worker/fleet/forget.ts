/** A machine leaves the fleet for good, and what was known of it with it. Pure over the state given. */
import { forgetNode } from "../routing/estimate/estimates.ts";
import { forgetFinished } from "./finish.ts";
import type { FleetState } from "./state.ts";

/** False when there is neither a node nor a waiting machine of that name. */
export function forgetMember(state: FleetState, nodeId: string): boolean {
	const [pending, member] = [state.pending.delete(nodeId), state.nodes.delete(nodeId)];
	forgetFinished(state, nodeId);
	forgetNode(state.knowledge.estimates, nodeId);
	state.knowledge.prefixes.forgetNode(nodeId);
	state.learned.delete(nodeId);
	return pending || member;
}
