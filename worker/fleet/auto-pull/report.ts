/** Pulls as `GET /fleet/status` tells them. Pure. */
import type { PullSnapshot } from "../../protocol/fleet.ts";
import type { FleetState } from "../state.ts";
import { completedBytes, type PullJob, totalBytes } from "./job.ts";

export function pullSnapshots({ pulls, clientPulls, jobs, waiting }: FleetState): PullSnapshot[] {
	const waitingFor = (model: string) => [...waiting.values()].filter((queued) => queued.model === model).length;
	const asked = [...jobs.values()].flatMap(({ id, pull, endedAt }) => (pull && endedAt === undefined ? [[id, pull] as const] : []));
	return [
		...[...pulls.values()].map((job) => toSnapshot(`router:${job.model}`, job, { by: "router", waiting: waitingFor(job.model) })),
		...asked.map(([id, job]) => toSnapshot(id, job, { by: "page", waiting: 0 })),
		...[...clientPulls].map(([id, job]) => toSnapshot(id, job, { by: "client", waiting: 0 })),
	];
}

function toSnapshot(id: string, job: PullJob, { by, waiting }: Pick<PullSnapshot, "by" | "waiting">): PullSnapshot {
	return {
		id,
		by,
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
