/** Passes a node's answer on to the client, byte for byte. */
import { meter, type Metered } from "../dispatch/meter.ts";
import { errorResponse } from "../errors.ts";
import type { Answered, Failed } from "./call-node.ts";
import { answered, type ChoreDone, type ChorePorts, type Errand } from "./errand.ts";
import { startLimit } from "./limit.ts";

/** For what comes at once, be it some megabytes to a client behind a slow line. */
const SHORT_ANSWER_MS = 60_000;
const STATUS_BY_FAILURE: Partial<Record<string, number>> = { timeout: 504, draining: 503 };

export interface Relayed {
	readonly response: Response;
	/** How the answer ended, once its last byte is out. */
	readonly ended: Metered["done"];
}

export function relay({ nodeId, response: upstream, abort }: Answered, errand: Errand, { now }: Pick<ChorePorts, "now">): Relayed {
	const headers = new Headers(upstream.headers);
	stamp(headers, { "X-Request-Id": errand.id, "X-Fleet-Node": nodeId });
	const { response, done } = meter(upstream, { abort, clientSignal: errand.request.signal, headers, now });
	return { response, ended: done };
}

export function relayToEnd(called: Answered, errand: Errand, ports: Pick<ChorePorts, "now">): ChoreDone {
	const { response, ended } = relay(called, errand, ports);
	return { response, settled: ended.then(() => undefined) };
}

/** An answer that takes no work: a node that stalls in the middle of it is cut off, and so is the client's copy. */
export function relayShort(called: Answered, errand: Errand, ports: Pick<ChorePorts, "now">): ChoreDone {
	const limit = startLimit(called.abort, { signal: errand.request.signal, timeoutMs: SHORT_ANSWER_MS });
	const { response, settled } = relayToEnd(called, errand, ports);
	return { response, settled: settled.finally(() => limit.release()) };
}

/** A node failed and no other can do it: its own words where it had some, else what happened to it. `deed` completes "could not". */
export function failed({ nodeId, failure }: Failed, deed: string, { id }: Errand): ChoreDone {
	if (failure.kind === "client-gone") return answered(clientGone());
	const message = `node "${nodeId}" could not ${deed}: ${failure.message}`;
	const { relay: words } = failure;
	const response = words
		? new Response(words.body, { status: words.status, headers: { "Content-Type": words.contentType } })
		: errorResponse("ollama", { status: STATUS_BY_FAILURE[failure.kind] ?? 502, message });
	stamp(response.headers, { "X-Request-Id": id, "X-Fleet-Node": nodeId });
	return answered(response);
}

/** Nobody reads it. */
export function clientGone(): Response {
	return new Response(null, { status: 499 });
}

export function stamp(headers: Headers, ours: Readonly<Record<string, string>>): void {
	for (const [name, value] of Object.entries(ours)) headers.set(name, value);
}
