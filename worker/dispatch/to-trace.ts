/** Folds what happened to a request into its one trace row, and what its answer shows of the node's speed. Pure. */
import type { Granted, Refused } from "../fleet/grant.ts";
import type { Measured } from "../protocol/measured.ts";
import type { Attempt, Trace, TraceStatus } from "../protocol/trace.ts";
import { canonicalName } from "../routing/names.ts";
import type { Failure } from "./classify.ts";
import { type Counters, readCounters } from "./counters.ts";
import { measuredOf } from "./measured.ts";
import type { StreamEnd } from "./stream-end.ts";
import type { ParsedRequest } from "./parse-request.ts";

const MAX_ERROR_CHARACTERS = 200;

export type Ending =
	| {
			kind: "answered";
			grant: Granted;
			/** What was changed in the body on its way. */
			rewrote: readonly string[];
			status: number;
			contentType: string;
			/** Epoch milliseconds. */
			sentAt: number;
			firstByteAt: number;
			stream: { end: StreamEnd; bytes: number; tail: string };
	  }
	/** A node was asked only for its words: the request was never placed. */
	| {
			kind: "worded";
			nodeId: string;
			status: number;
			contentType: string;
			firstByteAt: number;
			stream: { end: StreamEnd; bytes: number; tail: string };
	  }
	| { kind: "refused"; refused: Refused }
	/** Not a request that any node could take: bad JSON, no model, too large. */
	| { kind: "invalid"; message: string }
	/** The repeat of a request that has just failed, and heard nothing of why. */
	| { kind: "repeated"; status: number }
	/** The router itself failed. */
	| { kind: "broken"; message: string }
	/** Every node that was tried failed. */
	| { kind: "exhausted" }
	| { kind: "client-gone"; granted: Granted | undefined };

export interface Course {
	readonly attempts: readonly Attempt[];
	readonly failures: readonly { grant: Granted; failure: Failure }[];
	readonly queueMs: number;
	/** Epoch milliseconds. */
	readonly endedAt: number;
	readonly ending: Ending;
}

export interface Outcome {
	readonly trace: Trace;
	readonly measured: Measured;
}

export function toOutcome(request: ParsedRequest, course: Course): Outcome {
	const { attempts, failures, endedAt, ending } = course;
	const grant = grantOf(ending) ?? failures.at(-1)?.grant;
	const counters = hasStream(ending) ? readCounters(ending.stream.tail, ending.contentType) : undefined;
	const latencyMs = endedAt - request.arrivedAt;
	const requested = canonicalName(request.model);
	const measured = measuredIn(request, course, counters);
	const trace: Trace = {
		request_id: request.id,
		model: grant?.model ?? requested,
		original_model: requested,
		node_id: grant?.nodeId ?? (ending.kind === "worded" ? ending.nodeId : ""),
		score: grant?.breakdown.total ?? null,
		scores_breakdown: grant?.breakdown ?? null,
		status: statusOf(ending, counters),
		latency_ms: latencyMs,
		time_to_first_token_ms: firstTokenMs(request, ending, counters, latencyMs),
		prompt_tokens: counters?.promptTokens ?? null,
		completion_tokens: counters?.completionTokens ?? null,
		retry_count: Math.max(0, attempts.length - 1),
		fallback_used: grant !== undefined && grant.model !== requested,
		excluded_nodes: failures.length > 0 ? failures.map((failed) => failed.grant.nodeId) : null,
		client_ip: "",
		original_format: request.dialect,
		error_message: errorMessage(course, counters),
		timestamp: endedAt / 1000,
		tags: request.tags.length > 0 ? [...request.tags] : null,
		finish_reason: counters?.finishReason ?? null,
		estimated_tokens: request.promptTokens,
		attempts: [...attempts],
		queue_ms: course.queueMs,
		load_ms: counters?.loadMs ?? null,
		prefill_ms: measured.prefillMs ?? null,
		decode_ms: measured.decodeMs ?? null,
		reason: grant?.reason ?? null,
		class: request.requestClass,
		endpoint: request.path,
		rewrote: ending.kind === "answered" && ending.rewrote.length > 0 ? [...ending.rewrote] : null,
		streamed: request.stream,
		// Keys have no names yet
		key_name: null,
	};
	return { trace, measured };
}

function measuredIn({ stream: streamed }: ParsedRequest, { ending, endedAt }: Course, counters: Counters | undefined): Measured {
	if (ending.kind !== "answered" || !counters || ending.status >= 400) return {};
	const { sentAt, firstByteAt, stream, grant } = ending;
	const measured = measuredOf(counters, { sentAt, firstByteAt, endedAt, streamed, resident: grant.resident, stream });
	return stream.end === "node-died" ? { ...measured, failure: "broke-off" } : measured;
}

function statusOf(ending: Ending, counters: Counters | undefined): TraceStatus {
	if (ending.kind === "client-gone") return "client_disconnected";
	if (ending.kind === "refused") return ending.refused.kind === "cancelled" ? "client_disconnected" : "rejected";
	if (ending.kind === "invalid") return "rejected";
	if (ending.kind === "exhausted" || ending.kind === "broken" || ending.kind === "repeated") return "failed";
	if (ending.status >= 400) return ending.kind === "worded" ? "rejected" : "failed";
	if (ending.stream.end === "client-gone" && !saysItIsWhole(ending, counters)) return "client_disconnected";
	if (ending.stream.end === "node-died" || counters?.error !== undefined) return "failed";
	if (!counters?.finished) return "incomplete";
	return counters.completionTokens === 0 ? "no_output" : "completed";
}

/** A client may hang up on the last line, with the whole answer in hand. One JSON body can't say that it is whole. */
function saysItIsWhole({ contentType }: Streamed, counters: Counters | undefined): boolean {
	return !contentType.startsWith("application/json") && counters?.finished === true;
}

function grantOf(ending: Ending): Granted | undefined {
	if (ending.kind === "answered") return ending.grant;
	return ending.kind === "client-gone" ? ending.granted : undefined;
}

/** A streamed answer's first byte is its first token. One JSON body came whole: its decoding time, if told, is taken off the end. */
function firstTokenMs(request: ParsedRequest, ending: Ending, counters: Counters | undefined, latencyMs: number): number | null {
	if (!hasStream(ending) || ending.status >= 400) return null;
	if (request.stream) return ending.firstByteAt - request.arrivedAt;
	return counters?.decodeMs === undefined ? null : Math.max(0, latencyMs - counters.decodeMs);
}

function errorMessage({ ending, failures }: Course, counters: Counters | undefined): string | null {
	switch (ending.kind) {
		case "refused":
			return ending.refused.kind;
		case "invalid":
		case "broken":
			return redact(ending.message);
		case "repeated":
			return `the same request has just failed with ${ending.status}`;
		case "exhausted":
			return failures[0] ? redact(`${failures[0].grant.nodeId}: ${failures[0].failure.message}`) : null;
		case "client-gone":
			return null;
		case "answered":
		case "worded":
			return answeredError(ending, counters);
	}
}

type Streamed = Extract<Ending, { kind: "answered" | "worded" }>;

function hasStream(ending: Ending): ending is Streamed {
	return ending.kind === "answered" || ending.kind === "worded";
}

function answeredError({ status, stream }: Streamed, counters: Counters | undefined): string | null {
	if (status >= 400) return redact(`Ollama answered ${status}: ${errorText(stream.tail)}`);
	if (stream.end === "node-died") return "the node broke off in the middle of its answer";
	return counters?.error === undefined ? null : redact(counters.error);
}

/** The message inside an error body, whichever dialect it speaks. */
function errorText(body: string): string {
	return /"(?:message|error)":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? "";
}

/** Quoted strings may hold a client's words. */
function redact(text: string): string {
	return text.replaceAll(/\\?"[^"]*"/g, "…").slice(0, MAX_ERROR_CHARACTERS);
}
