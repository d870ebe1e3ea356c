/** Sends one request to one node's door and waits for its answer to begin. */
import type { Target } from "../fleet/targets.ts";
import { headersForNode } from "./node-headers.ts";
import { classifyResponse, classifyThrown, type Failure } from "./classify.ts";

export interface Outgoing {
	readonly id: string;
	/** Path and query as the client sent them. */
	readonly path: string;
	readonly headers: Headers;
	readonly body: Uint8Array<ArrayBuffer>;
}

export type Forwarded = { kind: "answered"; response: Response } | { kind: "failed"; failure: Failure };

/** `abort` ends the attempt at any time, before or after its first byte. */
export async function forward(
	target: Target,
	outgoing: Outgoing,
	{ send, abort, firstByteTimeoutMs }: { send: typeof fetch; abort: AbortController; firstByteTimeoutMs: number },
): Promise<Forwarded> {
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		abort.abort();
	}, firstByteTimeoutMs);
	try {
		const response = await send(target.doorUrl + outgoing.path, {
			method: "POST",
			headers: headersForNode(target, outgoing),
			body: outgoing.body,
			redirect: "manual",
			signal: abort.signal,
		});
		const failure = await classifyResponse(response);
		return failure ? { kind: "failed", failure } : { kind: "answered", response };
	} catch {
		return { kind: "failed", failure: classifyThrown({ timedOut, aborted: abort.signal.aborted }) };
	} finally {
		clearTimeout(timer);
	}
}
