/** How much the fleet takes at once, as `GET /fleet/limits` tells it. Pure. */
import type { Limits } from "../protocol/pins.ts";
import { busyOf, parallelOf } from "../routing/candidate.ts";
import type { Settings } from "../settings.ts";
import { pinnableBytes } from "./pins/admission.ts";
import type { ModelsByNode } from "./pins/pins.ts";
import type { FleetState, NodeRecord } from "./state.ts";

const GIB = 1024 ** 3;

export function limitsOf({ nodes }: Pick<FleetState, "nodes">, settings: Settings, pinned: ModelsByNode): Limits {
	return {
		max_retries: settings.FLEET_MAX_RETRIES,
		hot_model_cap: settings.FLEET_MODEL_PRELOAD_MAX_COUNT,
		queue_max: settings.FLEET_QUEUE_MAX,
		queue_timeout_s: settings.FLEET_QUEUE_TIMEOUT_S,
		first_byte_timeout_s: settings.FLEET_FIRST_BYTE_TIMEOUT_S,
		max_body_mb: settings.FLEET_MAX_BODY_MB,
		nodes: [...nodes.values()].map((node) => nodeLimits(node, pinned.get(node.nodeId))).sort((a, b) => a.node_id.localeCompare(b.node_id)),
	};
}

function nodeLimits(node: NodeRecord, pinned: ReadonlySet<string> = new Set()): Limits["nodes"][number] {
	const { nodeId, status, maxLoaded, resident, usableBytes } = node;
	return {
		node_id: nodeId,
		status,
		hot_model_cap: maxLoaded,
		models_loaded: resident.size,
		free_slots: Math.max(0, maxLoaded - resident.size),
		places: parallelOf(node),
		requests_active: busyOf(node),
		usable_gb: usableBytes === undefined ? null : gb(usableBytes),
		pinnable_gb: gb(pinnableBytes(node)),
		pinned: [...pinned].toSorted(),
	};
}

function gb(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}
