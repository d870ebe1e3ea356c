/** Calls one node's door, with any method and any body, and waits for the answer to begin. */
import { classifyResponse, classifyThrown, type Failure } from "../dispatch/classify.ts";
import { headersForNode } from "../dispatch/node-headers.ts";
import type { Target } from "../fleet/targets.ts";
import type { ChorePorts } from "./errand.ts";

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
export type Called = Answered | { readonly kind: "failed"; readonly nodeId: string; readonly failure: Failure };

export interface CallOptions extends Pick<ChorePorts, "send" | "fleet"> {
	/** The client's: it ends the call at any time before the answer begins. */
	readonly signal: AbortSignal;
	/** To the first byte of the answer; without it the node may take as long as the client stays. */
	readonly timeoutMs?: number;
}

export async function callNode(target: Target, call: Call, { send, fleet, signal, timeoutMs }: CallOptions): Promise<Called> {
	const { nodeId } = target;
	const abort = new AbortController();
	const limit = startLimit(abort, timeoutMs);
	const hangUp = () => abort.abort();
	signal.addEventListener("abort", hangUp, { once: true });
	if (signal.aborted) hangUp();
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
		limit.end();
		signal.removeEventListener("abort", hangUp);
	}
}

function startLimit(abort: AbortController, timeoutMs: number | undefined): { passed: boolean; end: () => void } {
	const limit = { passed: false, end: () => undefined as void };
	if (timeoutMs === undefined) return limit;
	const timer = setTimeout(() => {
		limit.passed = true;
		abort.abort();
	}, timeoutMs);
	return Object.assign(limit, { end: () => clearTimeout(timer) });
}
