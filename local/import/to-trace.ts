/** A row of the origin's as one of ours. Pure. */
import { type Attempt, type Trace, TraceSchema } from "../../worker/protocol/trace.ts";
import { canonicalName } from "../../worker/routing/names.ts";
import type { OriginRow } from "./origin-file.ts";

/** An instant in seconds is below this for thousands of years, one in milliseconds above it since 1973. */
const FIRST_MS = 1e11;
const MOST_ERROR_CHARACTERS = 200;

/** What the origin never kept. It had every answer streamed to itself. */
const NEVER_TOLD = {
	queue_ms: 0,
	load_ms: null,
	prefill_ms: null,
	decode_ms: null,
	reason: "imported",
	class: "interactive",
	endpoint: "",
	streamed: true,
	rewrote: null,
	key_name: null,
} as const satisfies Partial<Trace>;

/** Undefined for a row without what makes a request: an id, a model, a time. `attempts` failed before it. */
export function toTrace(row: OriginRow, attempts: readonly Attempt[]): Trace | undefined {
	const model = text(row.model) ?? text(row.original_model);
	const requestId = text(row.request_id);
	const timestamp = instantOf(row.timestamp);
	if (!requestId || !model || timestamp === undefined) return undefined;
	const { data } = TraceSchema.safeParse({
		...told(row),
		...NEVER_TOLD,
		request_id: requestId,
		timestamp,
		attempts,
		...names(row, model),
	});
	return data;
}

/** The origin wrote a row for each try; those before the last are attempts of the request. */
export function toAttempt(row: OriginRow): Attempt {
	const error = text(row.error_message);
	return {
		node_id: text(row.node_id) ?? "",
		failure: "retried",
		...(error !== null && { error: error.slice(0, MOST_ERROR_CHARACTERS) }),
		duration_ms: number(row.latency_ms) ?? 0,
	};
}

/** Epoch seconds, of what any version wrote: seconds, milliseconds, or a date, which is local where it names no zone. */
export function instantOf(value: unknown): number | undefined {
	const given = typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
	if (typeof given === "number") return given > 0 ? (given > FIRST_MS ? given / 1000 : given) : undefined;
	const parsed = typeof given === "string" ? Date.parse(given) : NaN;
	return Number.isNaN(parsed) ? undefined : parsed / 1000;
}

function names(row: OriginRow, model: string) {
	const asked = text(row.original_model) ?? model;
	return { model: canonicalName(model), original_model: canonicalName(asked), node_id: text(row.node_id) ?? "" };
}

function told(row: OriginRow) {
	return {
		score: number(row.score),
		scores_breakdown: numbersIn(row.scores_breakdown),
		// A try without a try after it was the end of the request
		status: text(row.status) === "retried" ? "failed" : text(row.status),
		latency_ms: number(row.latency_ms),
		time_to_first_token_ms: number(row.time_to_first_token_ms),
		prompt_tokens: number(row.prompt_tokens),
		completion_tokens: number(row.completion_tokens),
		retry_count: number(row.retry_count) ?? 0,
		fallback_used: number(row.fallback_used) === 1,
		excluded_nodes: textsIn(row.excluded_nodes),
		client_ip: text(row.client_ip) ?? "",
		original_format: text(row.original_format) ?? "ollama",
		error_message: text(row.error_message)?.slice(0, MOST_ERROR_CHARACTERS) ?? null,
		tags: textsIn(row.tags),
		finish_reason: text(row.finish_reason),
		estimated_tokens: number(row.estimated_tokens),
	};
}

function text(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function textsIn(value: unknown): string[] | null {
	const parsed = jsonIn(value);
	const texts = Array.isArray(parsed) ? parsed.filter((entry) => typeof entry === "string") : [];
	return texts.length > 0 ? texts : null;
}

function numbersIn(value: unknown): Record<string, number> | null {
	const parsed = jsonIn(value);
	if (typeof parsed !== "object" || parsed === null) return null;
	return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}

function jsonIn(value: unknown): unknown {
	try {
		return typeof value === "string" ? JSON.parse(value) : undefined;
	} catch {
		return undefined;
	}
}
