/** Why a model can't be pulled to the machine that is named. Pure. */
import { nodeReasons, REASON_TEXT } from "../../routing/eligibility.ts";
import { gigabytes } from "../auto-pull/gigabytes.ts";
import { DISK_SPARE_BYTES } from "../choose-pull-node.ts";
import type { FleetState } from "../state.ts";
import type { Refusal } from "./against-deleting.ts";

/** Undefined when nothing speaks against it. Memory is the asker's own affair: a machine may get more of it. */
export function againstPulling(
	{ nodes }: Pick<FleetState, "nodes">,
	{ nodeId, model, sizeBytes }: { nodeId: string; model: string; sizeBytes: number | undefined },
): Refusal | undefined {
	const node = nodes.get(nodeId);
	if (!node || node.status === "offline") return { status: 404, message: `Node '${nodeId}' not found or offline` };
	const reasons = nodeReasons(node);
	if (reasons.length > 0) return { status: 409, message: `${nodeId} ${reasons.map((reason) => REASON_TEXT[reason]).join(" and ")}` };
	const { disk } = node.beat;
	if (sizeBytes === undefined || !disk || node.installed.has(model)) return undefined;
	if (disk.available_bytes >= sizeBytes + DISK_SPARE_BYTES) return undefined;
	const [needed, has] = [gigabytes(sizeBytes + DISK_SPARE_BYTES), gigabytes(disk.available_bytes)];
	return {
		status: 409,
		message: `${nodeId} would need ${needed} of disk for model '${model}' and has ${has}: delete something there first`,
	};
}
