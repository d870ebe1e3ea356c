/** A pull in words. Pure. */
import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { counted } from "../format.ts";

type Pull = FleetSnapshot["pulls"][number];

/** `to mac-studio, 4.9 of 8.2 GB, 2 requests wait`; a failure is said instead. */
export function pullWords({ node_id: nodeId, completed_bytes: completed, total_bytes: total, waiting, error }: Pull): string {
	if (error !== undefined) return error;
	const progress = total === 0 ? "begins" : `${tenths(completed)} of ${tenths(total)} GB`;
	const where = nodeId === null ? "waits for other pulls" : `to ${nodeId}, ${progress}`;
	return waiting === 0 ? where : `${where}, ${counted(waiting, "request waits", "requests wait")}`;
}

/** 0 to 1; undefined for one that failed, which is no empty bar. */
export function pulledRatio({ completed_bytes: completed, total_bytes: total, error }: Pull): number | undefined {
	return error !== undefined || total === 0 ? undefined : completed / total;
}

/** Decimal, as sizes of models are told. */
function tenths(bytes: number): string {
	return (bytes / 1e9).toFixed(1);
}
