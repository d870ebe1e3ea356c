/** What is counted of a request, and how two counts become one. The columns of `rollups`. */
import type { TraceStatus } from "../../protocol/trace.ts";
import { bucketOf } from "./histogram.ts";

/** The columns of a trace that are counted. */
export interface CountedRow {
	readonly id: number;
	readonly timestamp: number;
	readonly model: string;
	readonly node_id: string;
	readonly status: string;
	readonly latency_ms: number | null;
	readonly time_to_first_token_ms: number | null;
	readonly prompt_tokens: number | null;
	readonly completion_tokens: number | null;
	readonly retry_count: number | null;
	readonly fallback_used: number | null;
	readonly queue_ms: number;
	readonly load_ms: number | null;
	readonly decode_ms: number | null;
	readonly reason: string | null;
	readonly apps: readonly string[];
	readonly key_name: string | null;
}

/** What one row counts for, worked out once. */
export interface Worth {
	readonly counts: readonly (number | null)[];
	/** Bucket numbers. */
	readonly buckets: readonly (number | null)[];
}

interface Measure {
	readonly combine: (one: number, other: number) => number;
	/** Null where the row says nothing of it. */
	readonly of: (row: CountedRow) => number | null;
}

/** `load_duration` is some milliseconds for a model that was there after all. */
const SHORTEST_LOAD_MS = 100;
/** Choices that needed a load; the OpenAI and Anthropic forms don't tell its time. */
const COLD_REASONS: ReadonlySet<string> = new Set(["evict", "cold-idle", "cold-shared", "wait-cold"]);

const sum = (of: Measure["of"]): Measure => ({ combine: (one, other) => one + other, of });
const least = (of: Measure["of"]): Measure => ({ combine: Math.min, of });
const most = (of: Measure["of"]): Measure => ({ combine: Math.max, of });
const ended = (status: TraceStatus): Measure => sum((row) => Number(row.status === status));
/** Of answers that came whole: only their times and lengths mean something. */
const whole =
	(of: Measure["of"]): Measure["of"] =>
	(row) =>
		row.status === "completed" ? of(row) : null;

export const MEASURES = {
	request_count: sum(() => 1),
	completed_count: ended("completed"),
	failed_count: ended("failed"),
	disconnected_count: ended("client_disconnected"),
	incomplete_count: ended("incomplete"),
	no_output_count: ended("no_output"),
	rejected_count: ended("rejected"),
	retries: sum((row) => row.retry_count),
	fallbacks: sum((row) => row.fallback_used),
	loads: sum((row) => Number(wasCold(row))),
	prompt_tokens: sum((row) => row.prompt_tokens),
	completion_tokens: sum((row) => row.completion_tokens),
	queue_ms: sum((row) => row.queue_ms),
	latency_ms: sum(whole((row) => row.latency_ms)),
	latency_min_ms: least(whole((row) => row.latency_ms)),
	latency_max_ms: most(whole((row) => row.latency_ms)),
	first_token_count: sum(whole(({ time_to_first_token_ms: ms }) => Number(ms !== null))),
	first_token_ms: sum(whole((row) => row.time_to_first_token_ms)),
	decoded_tokens: sum(whole((row) => (row.decode_ms === null ? null : row.completion_tokens))),
	decode_ms: sum(whole((row) => (row.completion_tokens === null ? null : row.decode_ms))),
	context_prompt_tokens: sum(promptOf),
	prompt_tokens_max: most(promptOf),
	total_tokens_max: most(totalOf),
	first_at: least((row) => row.timestamp),
	last_at: most((row) => row.timestamp),
} as const satisfies Record<string, Measure>;
export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

/** The same, of which percentiles can be asked. */
export const HISTOGRAMS = {
	latency_histogram: whole((row) => row.latency_ms),
	hot_histogram: whole((row) => (wasCold(row) ? null : row.time_to_first_token_ms)),
	cold_histogram: whole((row) => (wasCold(row) ? row.time_to_first_token_ms : null)),
	prompt_histogram: promptOf,
	total_histogram: totalOf,
} as const satisfies Record<string, Measure["of"]>;
export type HistogramName = keyof typeof HISTOGRAMS;
export const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as HistogramName[];

const COUNTED = MEASURE_NAMES.map((name) => MEASURES[name].of);
const TIMED = HISTOGRAM_NAMES.map((name) => HISTOGRAMS[name]);

export function worthOf(row: CountedRow): Worth {
	const buckets = TIMED.map((of) => {
		const value = of(row);
		return value === null ? null : bucketOf(value);
	});
	return { counts: COUNTED.map((of) => of(row)), buckets };
}

/** The model had to be loaded for this request. */
function wasCold({ load_ms: loadMs, reason }: CountedRow): boolean {
	return loadMs === null ? COLD_REASONS.has(reason ?? "") : loadMs >= SHORTEST_LOAD_MS;
}

/** How much context was used: of whole answers that told it. */
function promptOf({ status, prompt_tokens: prompt }: CountedRow): number | null {
	return status === "completed" && prompt !== null && prompt > 0 ? prompt : null;
}

function totalOf(row: CountedRow): number | null {
	const prompt = promptOf(row);
	return prompt === null ? null : prompt + (row.completion_tokens ?? 0);
}
