/** Why no machine can take a model, each with its figures, for a person. Pure. */
import { REASON_TEXT } from "../../routing/eligibility.ts";
import { loadedBytes, roomBytes } from "../../routing/fit.ts";
import { DISK_SPARE_BYTES, type PullReason, type PullReasons } from "../choose-pull-node.ts";
import type { NodeRecord } from "../state.ts";
import { gigabytes } from "./gigabytes.ts";

/** `nuc would need 14.3 GB of memory and has 9.8 GB, mac-mini is offline`. */
export function noRoomWords(reasons: PullReasons, nodes: ReadonlyMap<string, NodeRecord>, sizeBytes: number): string {
	const each = Object.entries(reasons).flatMap(([nodeId, against]) => {
		const node = nodes.get(nodeId);
		return node ? [`${nodeId} ${against.map((reason) => wordsOf(reason, node, sizeBytes)).join(" and ")}`] : [];
	});
	return `no machine has room for its ${gigabytes(sizeBytes)}: ${each.join(", ")}`;
}

function wordsOf(reason: PullReason, node: NodeRecord, sizeBytes: number): string {
	switch (reason) {
		case "does-not-fit":
			return `would need ${gigabytes(loadedBytes(sizeBytes))} of memory and has ${gigabytes(roomBytes(node))}`;
		case "disk-too-small":
			return `would need ${gigabytes(sizeBytes + DISK_SPARE_BYTES)} of disk and has ${gigabytes(node.beat.disk?.available_bytes ?? 0)}`;
		case "degraded":
			return "has been silent for some seconds";
		case "holds-it":
			return "has it already";
		default:
			return REASON_TEXT[reason];
	}
}
