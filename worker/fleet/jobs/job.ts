/** One job that somebody asked for on the page, as it stands. */
import type { Job } from "../../protocol/jobs.ts";
import { completedBytes, type PullJob, totalBytes } from "../auto-pull/job.ts";

export interface ModelJob {
	readonly id: string;
	readonly kind: Job["kind"];
	/** Canonical. */
	readonly model: string;
	/** Epoch milliseconds, as all instants here. */
	readonly startedAt: number;
	/** Where it is to be done; "" leaves that to the router. */
	readonly askedNode: string;
	/** Of pulls. */
	readonly pull?: PullJob;
	state: Job["state"];
	endedAt?: number;
	error?: string;
}

export function jobReport({ id, kind, model, state, startedAt, endedAt, askedNode, pull, error }: ModelJob): Job {
	const isOver = endedAt !== undefined;
	return {
		id,
		kind,
		model,
		node_id: pull?.nodeId ?? (askedNode === "" ? null : askedNode),
		state,
		status: isOver || !pull ? state : pull.status,
		completed_bytes: pull ? completedBytes(pull) : 0,
		total_bytes: pull ? totalBytes(pull) : 0,
		started_at: startedAt / 1000,
		ended_at: isOver ? endedAt / 1000 : null,
		by: "page",
		cancellable: kind === "pull" && !isOver,
		...(error !== undefined && { error }),
	};
}

/** A pull that is no page's: the router's own, or a client's. */
export function pullReport(id: string, job: PullJob, by: "router" | "client"): Job {
	const { failure } = job;
	return {
		id,
		kind: "pull",
		model: job.model,
		node_id: job.nodeId ?? null,
		state: failure ? "failed" : job.nodeId === undefined ? "waiting" : "running",
		status: failure ? "failed" : job.status,
		completed_bytes: completedBytes(job),
		total_bytes: totalBytes(job),
		started_at: job.askedAt / 1000,
		ended_at: failure ? failure.at / 1000 : null,
		by,
		cancellable: by === "router" && !failure,
		...(failure && { error: failure.message }),
	};
}
