/**
 * What a client leaves behind that hangs up before the first byte. Ollama reads a batch of the prompt to its end, and the door
 * finishes a load: until that is over the place is not free. Pure over the state given.
 */
import type { Trace } from "../protocol/trace.ts";
import { expiryOf, releaseLease } from "./leases.ts";
import type { FleetState, Lease, NodeRecord } from "./state.ts";

/** Ollama looks whether its client is still there after so many tokens of a prompt. */
const BATCH_TOKENS = 512;
/** An estimate may be far off, and nobody is served meanwhile. */
const LONGEST_BATCH_MS = 30_000;
/** As long as the door goes on. */
const LONGEST_LOAD_MS = 600_000;

export interface Leftover {
	/** A load is over when a beat says so; of a batch nobody tells. */
	readonly work: "load" | "batch";
	/** At the latest, epoch milliseconds. */
	readonly endsAt: number;
}

/** It had a place, its request was at the node, and nothing had come back. */
export function hungUpEarly({ status, attempts }: Pick<Trace, "status" | "attempts">): boolean {
	return status === "client_disconnected" && attempts.at(-1)?.failure === "client-gone";
}

/** Undefined when nothing is left to do. */
export function afterLeaving({ decision, job, waiting }: Lease, isInMemory: boolean, now: number): Leftover | undefined {
	if (!isInMemory) return { work: "load", endsAt: now + LONGEST_LOAD_MS };
	const { loadS, prefillS, sharing, knownTokens } = decision.terms;
	const tokens = Math.max(1, waiting.request.promptTokens - knownTokens);
	const readMs = prefillS * sharing * 1000;
	const batchMs = Math.min(readMs * Math.min(1, BATCH_TOKENS / tokens), LONGEST_BATCH_MS);
	const endsAt = Math.min(job.startedAt + loadS * 1000 + readMs, now + batchMs);
	return endsAt > now ? { work: "batch", endsAt } : undefined;
}

/** The one end of a request: its place is free, or the node's own for a while. Undefined when it holds none. */
export function endLease(state: FleetState, requestId: string, { hungUp, now }: { hungUp: boolean; now: number }): Lease | undefined {
	const lease = state.leases.get(requestId);
	if (!lease || lease.leftover) return undefined;
	const node = state.nodes.get(lease.decision.nodeId);
	const leftover =
		hungUp && node && node.status !== "offline" ? afterLeaving(lease, node.resident.has(lease.decision.model), now) : undefined;
	if (!node || !leftover) return releaseLease(state, requestId, now);
	lease.leftover = leftover;
	lease.expiresAt = expiryOf(lease, now);
	shortenJob(node, lease);
	return lease;
}

/** After a beat: loads that are done, or that the door no longer sees through. */
export function endLoads(state: FleetState, node: NodeRecord, now: number): void {
	for (const { requestId, model } of node.jobs) {
		if (state.leases.get(requestId)?.leftover?.work !== "load") continue;
		if (node.resident.has(model) || !node.beat.in_flight.includes(requestId)) releaseLease(state, requestId, now);
	}
}

/** Who reckons how long this place stays taken must not count an answer that will not be written. */
function shortenJob(node: NodeRecord, { job, leftover, decision }: Lease): void {
	const endsAt = leftover?.work === "batch" ? leftover.endsAt : job.startedAt + decision.terms.loadS * 1000;
	const estimateS = Math.max(0, (endsAt - job.startedAt) / 1000);
	node.jobs = node.jobs.map((other) => (other.requestId === job.requestId ? { ...other, estimateS } : other));
}
