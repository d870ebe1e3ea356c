/** Sends one request to one node's door and waits for its answer to begin. */
import { REQUEST_ID_HEADER } from "../protocol/heartbeat.ts";
import { classifyResponse, classifyThrown, type Failure } from "./classify.ts";

/** Ours, the connection's or the client's secrets: none of it is the node's business. */
const NOT_FORWARDED =
	/^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|accept-encoding|authorization|cookie|origin|referer|x-api-key|x-fleet-.*|x-herd-.*|x-forwarded-.*|x-real-ip|cf-.*|cdn-loop)$/;

export interface Target {
	readonly nodeId: string;
	readonly doorUrl: string;
	readonly secret: string;
}

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
			headers: headersFor(target, outgoing),
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

function headersFor({ secret }: Target, { id, headers }: Outgoing): Headers {
	const kept = new Headers();
	for (const [name, value] of headers) if (!NOT_FORWARDED.test(name)) kept.append(name, value);
	kept.set("authorization", `Bearer ${secret}`);
	kept.set(REQUEST_ID_HEADER, id);
	return kept;
}
