/** A node has begun to answer: from here on its bytes are the client's. */
import type { Granted } from "../fleet/grant.ts";
import { canonicalName } from "../routing/names.ts";
import type { BodyFor } from "./body-for.ts";
import { echoModel } from "./echo-model.ts";
import { answerHeaders } from "./headers.ts";
import { aboutOf } from "./forms/form.ts";
import { lastWordsFor } from "./last-words.ts";
import { meter } from "./meter.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { Dispatched, Ports, Tried } from "./ports.ts";
import { toOutcome } from "./to-trace.ts";
import { watchPlace } from "./watch-place.ts";

/** Longer than any pause between two tokens: behind a shut door, nothing more will come. */
const STILL_MS = 10_000;

export interface Answering {
	readonly grant: Granted;
	readonly sent: BodyFor;
	readonly upstream: Response;
	readonly abort: AbortController;
	readonly signal: AbortSignal;
	/** Epoch milliseconds at which the node got the request. */
	readonly sentAt: number;
}

export function answer(
	asked: ParsedRequest,
	tried: Tried,
	{ grant, sent, upstream, abort, signal, sentAt }: Answering,
	ports: Ports,
): Dispatched {
	// The body, megabytes perhaps, must not live as long as the answer
	const request = { ...asked, body: new Uint8Array(0), decoded: undefined, text: "" };
	if (upstream.ok && loadsAnew(grant, sent))
		void ports
			.fleet()
			.loaded(request.id, sent.numCtx)
			.catch(() => undefined);
	const firstByteAt = ports.now();
	const contentType = upstream.headers.get("content-type") ?? "";
	const headers = answerHeaders(upstream.headers, { request, grant, sent, retries: tried.failures.length, queueMs: tried.queueMs });
	const body = echoed(upstream, request, grant);
	const lastWords = lastWordsFor(body, { path: request.path, nodeId: grant.nodeId, about: () => aboutOf(request, ports.now()) });
	const { response, done, lastByteAt } = meter(body, { abort, clientSignal: signal, headers, now: ports.now, lastWords });
	// Nobody waits for more of a stream whose node has gone silent
	const unwatch = watchPlace(() => ports.fleet().placeWord(request.id, firstByteAt), {
		onLost: () => abort.abort(),
		isStill: () => ports.now() - lastByteAt() >= STILL_MS,
	});
	void done.finally(unwatch);
	const settled = done.then((stream) =>
		toOutcome(request, {
			...tried,
			endedAt: stream.endedAt,
			ending: { kind: "answered", grant, rewrote: sent.rewrote, status: upstream.status, contentType, sentAt, firstByteAt, stream },
		}),
	);
	return { response, settled };
}

/** The fleet learns of a load with its first token: the next request must not be sent as if it had not been. */
function loadsAnew({ resident, facts }: Granted, { numCtx }: BodyFor): boolean {
	if (!resident) return true;
	if (typeof facts.residentContext !== "number") return numCtx !== undefined;
	return numCtx === undefined
		? facts.residentContext !== (facts.defaultContext ?? facts.residentContext)
		: numCtx !== facts.residentContext;
}

/** An answer names the model as the client did, whatever was sent. Its length is then not known beforehand. */
function echoed(upstream: Response, { model }: ParsedRequest, grant: Granted): Response {
	if (canonicalName(model) === grant.model || !upstream.body) return upstream;
	const headers = new Headers(upstream.headers);
	headers.delete("content-length");
	return new Response(upstream.body.pipeThrough(echoModel(grant.facts.model, model)), { status: upstream.status, headers });
}
