/** What becomes of requests for a model that no node has while it is being pulled. Pure over the state given. */
import type { Settlement } from "../queue.ts";
import type { FleetState, Queued } from "../state.ts";
import { completedBytes, type PullJob, totalBytes } from "./job.ts";

/** How a wait for a pull ends without the model. */
export type PullWord =
	| { readonly kind: "pull-failed"; readonly model: string; readonly message: string }
	| ({ readonly kind: "still-pulling" } & PullProgress);

export interface PullProgress {
	readonly model: string;
	/** Null while it waits for other pulls. */
	readonly nodeId: string | null;
	readonly completedBytes: number;
	readonly totalBytes: number;
	/** Null when nothing can be said. */
	readonly leftMs: number | null;
}

/** Instead of a refusal: undefined lets the request wait for the pull's end. */
export function whilePulled({ pulls }: FleetState, refused: Extract<Settlement, { kind: "refused" }>): Settlement | undefined {
	const job = refused.installedAnywhere ? undefined : pulls.get(refused.model);
	if (!job) return refused;
	return job.failure && { kind: "pull-failed", model: job.model, message: job.failure.message };
}

export interface Patience {
	readonly timeoutMs: number;
	/** Of batches. */
	readonly batchTimeoutMs: number;
	/** Of those who wait for a pull. */
	readonly pullTimeoutMs: number;
}

/** How a wait ends that has been too long. */
export function overdue(
	{ pulls }: FleetState,
	queued: Queued,
	{ timeoutMs: usualMs, batchTimeoutMs, pullTimeoutMs }: Patience,
	now: number,
): Settlement | undefined {
	const waitedMs = now - queued.queuedAt;
	const timeoutMs = queued.request.requestClass === "batch" ? batchTimeoutMs : usualMs;
	const job = pulls.get(queued.model);
	if (!job || job.failure) return waitedMs > timeoutMs ? { kind: "timed-out", waitedMs } : undefined;
	return waitedMs > pullTimeoutMs ? { kind: "still-pulling", ...progressOf(job, now) } : undefined;
}

/** The pull that this request waits for. */
export function pullAwaitedBy({ waiting, pulls }: FleetState, requestId: string, now: number): PullProgress | undefined {
	const job = pulls.get(waiting.get(requestId)?.model ?? "");
	return job && !job.failure ? progressOf(job, now) : undefined;
}

function progressOf(job: PullJob, now: number): PullProgress {
	const [completed, total] = [completedBytes(job), totalBytes(job)];
	const elapsedMs = now - job.askedAt;
	const leftMs = completed > 0 ? (elapsedMs * (total - completed)) / completed : undefined;
	return { model: job.model, nodeId: job.nodeId ?? null, completedBytes: completed, totalBytes: total, leftMs: leftMs ?? null };
}

/** The model is there: who waited for it begins to wait for a place now. */
export function waitAnew({ waiting }: FleetState, model: string, now: number): void {
	for (const [id, queued] of waiting) if (queued.model === model) waiting.set(id, { ...queued, queuedAt: now });
}
