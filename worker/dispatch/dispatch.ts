/**
 * The one loop that serves a request: choose, forward, wait for the first byte, else the next node. Status and headers go
 * out only after a node's; after the first byte nothing is tried again. Whatever happens, one outcome is settled.
 */
import type { Grant, Granted, Refused } from "../fleet/grant.ts";
import { answer } from "./answer.ts";
import { bodyFor, withBody } from "./body-for.ts";
import type { Failure } from "./classify.ts";
import { forward, type Outgoing } from "./forward.ts";
import { orPull } from "./or-pull.ts";
import { askForWords, withHint } from "./own-words.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { Dispatched, Ports, Tried } from "./ports.ts";
import { relayWords } from "./relay-words.ts";
import { failureResponse, refusalResponse, unknownModelHint } from "./refusal.ts";
import { type Ending, toOutcome } from "./to-trace.ts";

export async function dispatch(
	request: ParsedRequest,
	{ headers, path, signal }: { headers: Headers; path: string; signal: AbortSignal },
	ports: Ports,
): Promise<Dispatched> {
	const tried: Tried = { attempts: [], failures: [], queueMs: 0 };
	const outgoing = { id: request.id, path, headers, body: request.body };
	const leave = () =>
		void ports
			.fleet()
			.cancel(request.id)
			.catch(() => undefined);
	signal.addEventListener("abort", leave, { once: true });
	for (;;) {
		if (signal.aborted) return over(request, tried, { kind: "client-gone", granted: undefined }, ports);
		const grant = await orPull(request, signal, ports, () => take(request, tried, ports));
		if (signal.aborted) return over(request, tried, { kind: "client-gone", granted: grantedOf(grant) }, ports);
		if (grant.kind === "unknown-model" && tried.failures.length === 0) return unknown(request, grant, { outgoing, signal }, ports);
		if (grant.kind !== "granted") return refuse(request, tried, grant, ports);
		signal.removeEventListener("abort", leave);
		const { sent, abort, result, startedAt, durationMs } = await tryNode(grant, request, { outgoing, signal }, ports);
		if (result.kind === "answered") {
			tried.attempts.push({ node_id: grant.nodeId, duration_ms: durationMs });
			return answer(request, tried, { grant, sent, upstream: result.response, abort, signal, sentAt: startedAt }, ports);
		}
		noteFailure(tried, grant, result.failure, durationMs);
		if (result.failure.kind === "client-gone") return over(request, tried, { kind: "client-gone", granted: grant }, ports);
		if (tried.failures.length > ports.maxRetries) return over(request, tried, { kind: "exhausted" }, ports);
		signal.addEventListener("abort", leave, { once: true });
	}
}

/** One try at the node of a place, hung up when the client leaves before its first byte. */
async function tryNode(
	grant: Granted,
	request: ParsedRequest,
	{ outgoing, signal }: { outgoing: Outgoing; signal: AbortSignal },
	ports: Ports,
) {
	const abort = new AbortController();
	const hangUp = () => abort.abort();
	signal.addEventListener("abort", hangUp, { once: true });
	const startedAt = ports.now();
	const sent = bodyFor(request, grant, ports.rewriting);
	const placeWord = () => ports.fleet().placeWord(request.id);
	const firstByteTimeoutMs = Math.min(ports.firstByteTimeoutMs, (request.stream && grant.patienceMs) || Infinity);
	const limits = { send: ports.send, abort, firstByteTimeoutMs, placeWord };
	const result = await forward(grant, { ...withBody(outgoing, sent), loads: grant.resident ? undefined : grant.model }, limits);
	signal.removeEventListener("abort", hangUp);
	return { sent, abort, result, startedAt, durationMs: ports.now() - startedAt };
}

/** Asks for a place; after a failure the same call gives the failed node's place back. */
async function take(request: ParsedRequest, tried: Tried, { fleet, now }: Ports): Promise<Grant> {
	const { body: _body, decoded: _decoded, text: _text, ...route } = request;
	const last = tried.failures.at(-1);
	const excluded = tried.failures.map(({ grant: { nodeId } }) => nodeId);
	const askedAt = now();
	const failed = last && { node_id: last.grant.nodeId, failure: last.failure.kind, retryAfterMs: last.failure.retryAfterMs };
	const grant = await fleet().acquire({ ...route, excluded }, failed);
	tried.queueMs += now() - askedAt;
	return grant;
}

function noteFailure(tried: Tried, grant: Granted, failure: Failure, durationMs: number): void {
	tried.attempts.push({ node_id: grant.nodeId, failure: failure.kind, error: failure.message, duration_ms: durationMs });
	tried.failures.push({ grant, failure });
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

/** No node is left: the client hears the first failure's cause, not that nothing is left to try. */
function refuse(request: ParsedRequest, tried: Tried, refused: Refused, ports: Ports): Dispatched {
	if (tried.failures.length > 0) return over(request, tried, { kind: "exhausted" }, ports);
	return over(request, tried, { kind: "refused", refused }, ports);
}

function over(request: ParsedRequest, tried: Tried, ending: Unanswered, { now }: Ports): Dispatched {
	return {
		response: responseFor(request, tried, ending),
		settled: Promise.resolve(toOutcome(request, { ...tried, endedAt: now(), ending })),
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
