/**
 * The one loop that serves a request: choose, forward, wait for the first byte, else the next node. Status and headers go
 * out only after a node's; after the first byte nothing is tried again. Whatever happens, one outcome is settled.
 */
import type { FailedAttempt, Grant, Granted, Refused } from "../fleet/grant.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { Attempt, Trace } from "../protocol/trace.ts";
import type { Failure } from "./classify.ts";
import { canonicalName } from "../routing/names.ts";
import type { RewriteSettings } from "../rewrite/rewrite.ts";
import { type BodyFor, bodyFor } from "./body-for.ts";
import { echoModel } from "./echo-model.ts";
import type { Target } from "../fleet/targets.ts";
import { forward, type Outgoing } from "./forward.ts";
import { meter } from "./meter.ts";
import type { StreamEnd } from "./stream-end.ts";
import { answerHeaders } from "./headers.ts";
import { askForWords, withHint, type Worded } from "./own-words.ts";
import type { ParsedRequest } from "./parse-request.ts";
import { failureResponse, refusalResponse, unknownModelHint } from "./refusal.ts";
import { type Ending, toTrace } from "./to-trace.ts";

/** The Fleet object, as dispatch sees it. */
export interface FleetPort {
	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Promise<Target | undefined>;
	acquire(request: RouteRequest, failed?: FailedAttempt): Promise<Grant>;
	cancel(requestId: string): Promise<void>;
	/** See the Fleet object. */
	placeLost(requestId: string): Promise<boolean>;
	loaded(requestId: string, numCtx: number | undefined): Promise<void>;
}

export interface Ports {
	/** A fresh stub each time: stubs belong to one call. */
	readonly fleet: () => FleetPort;
	readonly send: typeof fetch;
	readonly now: () => number;
	readonly maxRetries: number;
	readonly rewriting: RewriteSettings;
	readonly firstByteTimeoutMs: number;
}

export interface Dispatched {
	readonly response: Response;
	/** The request's one outcome, once its last byte is out or it has failed. */
	readonly settled: Promise<Trace>;
}

/** A failed try, with the failure that is told if no other node helps. */
interface Tried {
	readonly attempts: Attempt[];
	readonly failures: { grant: Granted; failure: Failure }[];
	queueMs: number;
}

export async function dispatch(
	request: ParsedRequest,
	{ headers, path, signal }: { headers: Headers; path: string; signal: AbortSignal },
	ports: Ports,
): Promise<Dispatched> {
	const tried: Tried = { attempts: [], failures: [], queueMs: 0 };
	const outgoing = { id: request.id, path, headers, body: request.body };
	const leave = () => void ports.fleet().cancel(request.id);
	signal.addEventListener("abort", leave, { once: true });
	for (;;) {
		const grant = await take(request, tried, ports);
		if (signal.aborted) return over(request, tried, { kind: "client-gone", granted: grantedOf(grant) }, ports);
		if (grant.kind === "unknown-model" && tried.failures.length === 0) return unknown(request, grant, { outgoing, signal }, ports);
		if (grant.kind !== "granted") return refuse(request, tried, grant, ports);
		signal.removeEventListener("abort", leave);
		const abort = new AbortController();
		const hangUp = () => abort.abort();
		signal.addEventListener("abort", hangUp, { once: true });
		const startedAt = ports.now();
		const sent = bodyFor(request, grant, ports.rewriting);
		const placeLost = () => ports.fleet().placeLost(request.id);
		const limits = { send: ports.send, abort, firstByteTimeoutMs: ports.firstByteTimeoutMs, placeLost };
		const result = await forward({ ...grant }, withBody(outgoing, sent), limits);
		signal.removeEventListener("abort", hangUp);
		const durationMs = ports.now() - startedAt;
		if (result.kind === "answered") {
			tried.attempts.push({ node_id: grant.nodeId, duration_ms: durationMs });
			return answer(request, tried, { grant, sent, upstream: result.response, abort, signal }, ports);
		}
		noteFailure(tried, grant, result.failure, durationMs);
		if (result.failure.kind === "client-gone") return over(request, tried, { kind: "client-gone", granted: grant }, ports);
		if (tried.failures.length > ports.maxRetries) return over(request, tried, { kind: "exhausted" }, ports);
		signal.addEventListener("abort", leave, { once: true });
	}
}

/** Asks for a place; after a failure the same call gives the failed node's place back. */
async function take(request: ParsedRequest, tried: Tried, { fleet, now }: Ports): Promise<Grant> {
	const { body: _body, decoded: _decoded, text: _text, ...route } = request;
	const last = tried.failures.at(-1);
	const excluded = tried.failures.map(({ grant: { nodeId } }) => nodeId);
	const askedAt = now();
	const failed = last && { node_id: last.grant.nodeId, failure: last.failure.kind };
	const grant = await fleet().acquire({ ...route, excluded }, failed);
	tried.queueMs += now() - askedAt;
	return grant;
}

function noteFailure(tried: Tried, grant: Granted, failure: Failure, durationMs: number): void {
	tried.attempts.push({ node_id: grant.nodeId, failure: failure.kind, error: failure.message, duration_ms: durationMs });
	tried.failures.push({ grant, failure });
}

function withBody(outgoing: Outgoing, { body, decompressed }: BodyFor): Outgoing {
	if (!decompressed) return { ...outgoing, body };
	const headers = new Headers(outgoing.headers);
	headers.delete("content-encoding");
	return { ...outgoing, headers, body };
}

interface Answering {
	readonly grant: Granted;
	readonly sent: BodyFor;
	readonly upstream: Response;
	readonly abort: AbortController;
	readonly signal: AbortSignal;
}

function answer(asked: ParsedRequest, tried: Tried, { grant, sent, upstream, abort, signal }: Answering, ports: Ports): Dispatched {
	// The body, megabytes perhaps, must not live as long as the answer
	const request = { ...asked, body: new Uint8Array(0), decoded: undefined, text: "" };
	if (upstream.ok && loadsAnew(grant, sent)) void ports.fleet().loaded(request.id, sent.numCtx);
	const firstByteAt = ports.now();
	const contentType = upstream.headers.get("content-type") ?? "";
	const headers = answerHeaders(upstream.headers, { request, grant, sent, retries: tried.failures.length, queueMs: tried.queueMs });
	const { response, done } = meter(echoed(upstream, request, grant), { abort, clientSignal: signal, headers, now: ports.now });
	const settled = done.then((stream) =>
		toTrace(request, {
			...tried,
			endedAt: stream.endedAt,
			ending: { kind: "answered", grant, rewrote: sent.rewrote, status: upstream.status, contentType, firstByteAt, stream },
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

/** A node's own sentence for a model that nobody has, with what the router knows behind it. */
async function unknown(
	request: ParsedRequest,
	refused: Extract<Refused, { kind: "unknown-model" }>,
	{ outgoing, signal }: { outgoing: Outgoing; signal: AbortSignal },
	ports: Ports,
): Promise<Dispatched> {
	const worded = await askForWords(outgoing, { node: await ports.fleet().someNode(), send: ports.send, signal });
	if (!worded) return over(request, { attempts: [], failures: [], queueMs: 0 }, { kind: "refused", refused }, ports);
	if (worded.kind === "refused" && worded.status === 404) worded.text = withHint(worded.text, unknownModelHint(refused));
	return relayWords(request, worded, signal, ports);
}

/** Passes on what a node said to a request that was not placed on it. */
export function relayWords(request: ParsedRequest, worded: Worded, signal: AbortSignal, { now }: Ports): Dispatched {
	const { nodeId } = worded;
	const firstByteAt = now();
	const [status, given] = worded.kind === "refused" ? [worded.status, worded.headers] : [worded.upstream.status, worded.upstream.headers];
	const headers = new Headers(given);
	headers.set("X-Request-Id", request.id);
	headers.set("X-Fleet-Node", nodeId);
	const settle = (stream: { end: StreamEnd; bytes: number; tail: string; endedAt: number }) => {
		const ending = { kind: "worded", nodeId, status, contentType: headers.get("content-type") ?? "", firstByteAt, stream } as const;
		return toTrace(request, { attempts: [], failures: [], queueMs: 0, endedAt: stream.endedAt, ending });
	};
	if (worded.kind === "refused") {
		const { text } = worded;
		const stream = { end: "complete", bytes: text.length, tail: text, endedAt: firstByteAt } as const;
		return { response: new Response(text, { status, headers }), settled: Promise.resolve(settle(stream)) };
	}
	const { response, done } = meter(worded.upstream, { abort: worded.abort, clientSignal: signal, headers, now });
	return { response, settled: done.then(settle) };
}

/** No node is left: the client hears the first failure's cause, not that nothing is left to try. */
function refuse(request: ParsedRequest, tried: Tried, refused: Refused, ports: Ports): Dispatched {
	if (tried.failures.length > 0) return over(request, tried, { kind: "exhausted" }, ports);
	return over(request, tried, { kind: "refused", refused }, ports);
}

function over(request: ParsedRequest, tried: Tried, ending: Unanswered, { now }: Ports): Dispatched {
	return {
		response: responseFor(request, tried, ending),
		settled: Promise.resolve(toTrace(request, { ...tried, endedAt: now(), ending })),
	};
}

/** How a request can end without a node's answer. */
type Unanswered = Extract<Ending, { kind: "refused" | "exhausted" | "client-gone" }>;

function responseFor(request: ParsedRequest, tried: Tried, ending: Unanswered): Response {
	if (ending.kind === "client-gone") return new Response(null, { status: 499 });
	if (ending.kind === "refused") return refusalResponse(request, ending.refused);
	const [first] = tried.failures;
	if (!first) throw new Error("Exhausted without a failure");
	return failureResponse(request, first.grant.nodeId, first.failure);
}

function grantedOf(grant: Grant): Granted | undefined {
	return grant.kind === "granted" ? grant : undefined;
}
