/** A finished request as the health checks see it. Pure. */
import type { RecentRequest } from "../../health/facts.ts";
import type { Measured } from "../../protocol/measured.ts";
import type { Trace } from "../../protocol/trace.ts";
import { meanSharing } from "../../routing/estimate/occupancy.ts";
import type { Lease, NodeRecord } from "../state.ts";
import { loadOf } from "./load-of.ts";

/** Fewer tokens say more about the clock than about the machine. */
const FEWEST_TOKENS = 16;
/** Others ran beside it for a small part of the time at most. */
const ALONE = 1.1;

export interface Finished {
	readonly trace: Trace;
	/** The one it gave back just now. */
	readonly lease: Lease | undefined;
	readonly node: NodeRecord | undefined;
	readonly measured: Measured;
}

export function recentRequest({ trace, lease, node, measured }: Finished): RecentRequest {
	return {
		at: trace.timestamp * 1000,
		nodeId: trace.node_id,
		model: trace.model,
		askedFor: trace.original_model,
		status: trace.status,
		refusal: trace.status === "rejected" ? trace.error_message : null,
		because: lease?.because ?? "",
		failures: trace.attempts.flatMap(({ node_id: nodeId, failure }) => (failure === undefined ? [] : [{ nodeId, failure }])),
		load: lease && loadOf(trace, lease.decision),
		promptTokens: trace.prompt_tokens,
		completionTokens: trace.completion_tokens,
		estimatedTokens: trace.estimated_tokens,
		contextTokens: node?.resident.get(trace.model)?.context_length,
		finishReason: trace.finish_reason,
		tokensPerSecond: lease && node && ownSpeed(measured, lease, node),
	};
}

function ownSpeed({ outputTokens = 0, decodeMs = 0 }: Measured, lease: Lease, node: NodeRecord): number | undefined {
	const isAlone = !node.external && meanSharing(lease.occupancy, node.occupancy) <= ALONE;
	return isAlone && outputTokens >= FEWEST_TOKENS && decodeMs > 0 ? (outputTokens / decodeMs) * 1000 : undefined;
}
