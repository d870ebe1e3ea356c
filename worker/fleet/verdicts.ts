/** What a try's end says about its node, and what the router makes of it. Pure over the state given. */
import { FAILURES, type FailureKind } from "../protocol/failure.ts";
import type { Measured } from "../protocol/measured.ts";
import type { Trace } from "../protocol/trace.ts";
import { afterFailure, afterSuccess, withoutTrial } from "../routing/breaker.ts";
import type { FleetState, Lease } from "./state.ts";

/** Told with the next request for a place, or with the request's end. */
export interface Ended {
	readonly failure: string;
	readonly retryAfterMs?: number | undefined;
}

/** A request tried this node in vain, before or after its first byte. */
export function noteFailure(state: FleetState, { decision, job }: Lease, { failure, retryAfterMs }: Ended, now: number): void {
	const node = state.nodes.get(decision.nodeId);
	if (!node) return;
	const before = withoutTrial(node.breakers, job.requestId);
	node.breakers = isKind(failure) ? afterFailure(before, { model: decision.model, kind: failure, retryAfterMs, now }) : before;
}

/** The request is over; a lease that is still held then belongs to its last try. */
export function noteEnd(
	state: FleetState,
	lease: Lease,
	{ trace, measured, now }: { trace: Trace; measured: Measured; now: number },
): void {
	const failure = trace.attempts.at(-1)?.failure ?? measured.failure;
	if (failure !== undefined) return noteFailure(state, lease, { failure }, now);
	const node = state.nodes.get(lease.decision.nodeId);
	if (!node) return;
	const worked = trace.status === "completed" || trace.status === "no_output";
	node.breakers = worked ? afterSuccess(node.breakers, lease.decision.model) : withoutTrial(node.breakers, lease.job.requestId);
}

function isKind(failure: string): failure is FailureKind {
	return Object.hasOwn(FAILURES, failure);
}
