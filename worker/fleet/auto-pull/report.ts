/** Pulls as `GET /fleet/status` tells them. Pure. */
import type { PullSnapshot } from "../../protocol/fleet.ts";
import type { FleetState } from "../state.ts";
import { completedBytes, type PullJob, totalBytes } from "./job.ts";

export function pullSnapshots({ pulls, waiting }: FleetState): PullSnapshot[] {
	const waitingFor = (model: string) => [...waiting.values()].filter((queued) => queued.model === model).length;
	return [...pulls.values()].map((job) => toSnapshot(job, waitingFor(job.model)));
}

function toSnapshot(job: PullJob, waiting: number): PullSnapshot {
	return {
		model: job.model,
		node_id: job.nodeId ?? null,
		status: job.failure ? "failed" : job.status,
		completed_bytes: completedBytes(job),
		total_bytes: totalBytes(job),
		waiting,
		started_at: job.askedAt / 1000,
		...(job.failure && { error: job.failure.message }),
	};
}
