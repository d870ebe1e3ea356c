/** What a node's owner leaves to the fleet, as the router tells it. Pure. */
import type { CapacitySnapshot, NodeCapacity } from "../protocol/capacity.ts";
import type { Pause } from "../routing/candidate.ts";
import type { NodeRecord } from "./state.ts";

const GIB = 1024 ** 3;

export function nodeCapacity(node: NodeRecord): NodeCapacity {
	return { node_id: node.nodeId, capacity: capacitySnapshot(node) ?? null, week: node.week ?? null };
}

/** Undefined while the whole machine is the fleet's. The router's own pause stands before all that the agent says. */
export function capacitySnapshot({ beat: { capacity }, pause }: NodeRecord): CapacitySnapshot | undefined {
	if (!capacity && !pause) return undefined;
	const { until, max_places: maxPlaces } = capacity ?? {};
	return {
		mode: capacity?.mode ?? "full",
		ceiling_gb: Math.round(((capacity?.ceiling_bytes ?? 0) / GIB) * 100) / 100,
		availability_score: capacity?.availability_score ?? 0,
		reason: capacity?.reason ?? "",
		override_active: capacity?.override_active ?? false,
		learning_confidence: capacity?.learning_confidence ?? 0,
		days_observed: capacity?.days_observed ?? 0,
		...(until !== undefined && { until: until / 1000 }),
		...(maxPlaces !== undefined && { max_places: maxPlaces }),
		is_learning: capacity?.availability_score !== undefined,
		...(pause && pausedHere(pause)),
	};
}

function pausedHere({ until }: Pause) {
	return { mode: "paused", reason: "paused_at_router", override_active: true, until: until === undefined ? undefined : until / 1000 };
}
