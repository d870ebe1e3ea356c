/** Requests that hold a place and make no progress, by the word of the agent through whose door they pass. Pure. */
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { FleetState } from "./state.ts";

export interface Stalled {
	readonly requestId: string;
	readonly quietMs: number;
}

/** Those of this node that have been quiet for `staleMs`. What its client left behind is not waited for by anybody. */
export function stalledRequests({ leases }: FleetState, { node_id: nodeId, quiet }: Heartbeat, staleMs: number): Stalled[] {
	return quiet
		.filter(({ request_id: id, quiet_ms: ms }) => {
			const lease = leases.get(id);
			return ms >= staleMs && lease?.decision.nodeId === nodeId && !lease.leftover;
		})
		.map(({ request_id: requestId, quiet_ms: quietMs }) => ({ requestId, quietMs }));
}
