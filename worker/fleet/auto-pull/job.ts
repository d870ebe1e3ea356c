/** One download that the router started by itself, as it stands. Changed by the functions here, with the clock passed in. */
import type { PullLine } from "../../protocol/manage.ts";

/** Ollama writes lines all the time, whether bytes come or not: only a change is progress. */
const STALLED_AFTER_MS = 60_000;
/** Checking the digest of twenty gigabytes takes a slow disk minutes, and nothing is said meanwhile. */
const CHECKING_MAY_TAKE_MS = 600_000;
const CHECKING = /^(?:verifying|writing)/;

export interface PullJob {
	/** Canonical. */
	readonly model: string;
	/** As the registry may spell it. */
	readonly pullAs: string;
	/** 0: not known. */
	readonly sizeBytes: number;
	/** The node that is meant; "" leaves the choice to the router. */
	readonly askedNode: string;
	/** Epoch milliseconds, as all instants here. */
	readonly askedAt: number;
	/** Undefined until a node has been chosen. */
	nodeId: string | undefined;
	/** Ollama's own word, or the router's before the first. */
	status: string;
	/** By digest; Ollama loads one after another. */
	layers: Map<string, Layer>;
	progressAt: number;
	/** Kept for a while, so that whoever asks again at once hears it and starts nothing. */
	failure: PullFailure | undefined;
}

interface Layer {
	readonly completedBytes: number;
	readonly totalBytes: number;
}

export interface PullFailure {
	readonly message: string;
	readonly at: number;
}

type Asked = Pick<PullJob, "model" | "pullAs" | "sizeBytes"> & { readonly askedNode?: string };

export function newJob({ model, pullAs, sizeBytes, askedNode = "" }: Asked, now: number): PullJob {
	const start = { nodeId: undefined, status: "waits for other pulls to end", layers: new Map(), failure: undefined };
	return { model, pullAs, sizeBytes, askedNode, askedAt: now, progressAt: now, ...start };
}

/** What an earlier node had does not count: the next one begins with what it has itself. */
export function startAt(job: PullJob, nodeId: string, now: number): void {
	Object.assign(job, { nodeId, status: "starts", layers: new Map(), progressAt: now });
}

export function noteLine(job: PullJob, { status, digest, total, completed = 0 }: PullLine, now: number): void {
	const before = job.status + completedBytes(job);
	if (status !== undefined) job.status = status;
	if (digest !== undefined && total !== undefined) job.layers.set(digest, { completedBytes: completed, totalBytes: total });
	if (before !== job.status + completedBytes(job)) job.progressAt = now;
}

export function isStalled({ status, progressAt }: PullJob, now: number): boolean {
	return now - progressAt > (CHECKING.test(status) ? CHECKING_MAY_TAKE_MS : STALLED_AFTER_MS);
}

export function completedBytes({ layers }: PullJob): number {
	return sum([...layers.values()].map((layer) => layer.completedBytes));
}

/** The registry's figure until the node's own are larger. */
export function totalBytes({ layers, sizeBytes }: PullJob): number {
	return Math.max(sizeBytes, sum([...layers.values()].map((layer) => layer.totalBytes)));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
