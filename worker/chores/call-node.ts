/** Calls one node's door, with any method and any body, and waits for the answer to begin. */
import { classifyResponse, classifyThrown, type Failure } from "../dispatch/classify.ts";
import { headersForNode } from "../dispatch/node-headers.ts";
import type { Target } from "../fleet/targets.ts";
import type { ChorePorts } from "./errand.ts";
import { type Limits, startLimit } from "./limit.ts";

export interface Call {
	readonly id: string;
	readonly method: string;
	/** With its query. */
	readonly path: string;
	readonly headers: Headers;
	/** A stream is passed on as it comes, its length with it, and can be sent once only. */
	readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

export type Answered = {
	readonly kind: "answered";
	readonly nodeId: string;
	readonly response: Response;
	/** Ends the rest of the answer. */
	readonly abort: AbortController;
};
export type Failed = { readonly kind: "failed"; readonly nodeId: string; readonly failure: Failure };
export type Called = Answered | Failed;

/** The limits hold until the answer begins. */
export interface CallOptions extends Pick<ChorePorts, "send" | "fleet">, Limits {}

export async function callNode(target: Target, call: Call, { send, fleet, ...limits }: CallOptions): Promise<Called> {
	const { nodeId } = target;
	const abort = new AbortController();
	const limit = startLimit(abort, limits);
	try {
		const { method, body } = call;
		const init = { method, headers: headersForNode(target, call), body, redirect: "manual", signal: abort.signal } as const;
		const response = await send(target.doorUrl + call.path, init);
		const failure = await classifyResponse(response);
		return failure ? { kind: "failed", nodeId, failure } : { kind: "answered", nodeId, response, abort };
	} catch {
		const failure = classifyThrown({ ended: limit.passed ? "timeout" : undefined, aborted: abort.signal.aborted });
		if (failure.kind === "door-lost") await fleet().suspect(nodeId);
		return { kind: "failed", nodeId, failure };
	} finally {
		limit.release();
	}
}
