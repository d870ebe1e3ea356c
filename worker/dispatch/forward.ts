/** Sends one request to one node's door and waits for its answer to begin. */
import type { PlaceWord } from "../fleet/place-watch.ts";
import type { Target } from "../fleet/targets.ts";
import { headersForNode } from "./node-headers.ts";
import { classifyResponse, classifyThrown, type Failure } from "./classify.ts";
import { watchPlace } from "./watch-place.ts";

export interface Outgoing {
	readonly id: string;
	/** Path and query as the client sent them. */
	readonly path: string;
	readonly headers: Headers;
	readonly body: Uint8Array<ArrayBuffer>;
	/** The model that must be loaded for it. */
	readonly loads?: string | undefined;
}

export type Forwarded = { kind: "answered"; response: Response } | { kind: "failed"; failure: Failure };

export interface ForwardOptions {
	readonly send: typeof fetch;
	/** Ends the attempt at any time, before or after its first byte. */
	readonly abort: AbortController;
	readonly firstByteTimeoutMs: number;
	/** A connection to a machine without power stays open for long: the fleet tells. */
	readonly placeWord?: () => Promise<PlaceWord>;
}

export async function forward(target: Target, outgoing: Outgoing, options: ForwardOptions): Promise<Forwarded> {
	const { send, abort } = options;
	let ended: "timeout" | "node-silent" | undefined;
	const stopWaiting = endEarly(options, (reason) => {
		ended = reason;
		abort.abort();
	});
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
		return { kind: "failed", failure: classifyThrown({ ended, aborted: abort.signal.aborted }) };
	} finally {
		stopWaiting();
	}
}

/** Ends an attempt that waits in vain. The function returned is called once it no longer waits: a running answer is let be. */
function endEarly({ firstByteTimeoutMs, placeWord }: ForwardOptions, end: (reason: "timeout" | "node-silent") => void): () => void {
	const timer = setTimeout(() => end("timeout"), firstByteTimeoutMs);
	const unwatch = placeWord && watchPlace(placeWord, { onLost: () => end("node-silent"), isStill: () => true });
	return () => {
		clearTimeout(timer);
		unwatch?.();
	};
}
