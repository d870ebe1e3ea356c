/** A cell of the rollups in the words of the answers. Pure. */
import type { Brief, Percentiles, Stats, Summary, Times } from "../../protocol/reports.ts";
import type { Cell, Counts } from "../rollup/cell.ts";
import { countOf, type Histogram, percentile } from "../rollup/histogram.ts";
import type { HistogramName, MeasureName } from "../rollup/measures.ts";

/** What `timesOf` reads. */
export const TIMES: readonly HistogramName[] = ["latency_histogram", "hot_histogram", "cold_histogram"];

export function statsOf(cell: Counts): Stats {
	return {
		...briefOf(cell),
		disconnected_count: cell.disconnected_count ?? 0,
		incomplete_count: cell.incomplete_count ?? 0,
		no_output_count: cell.no_output_count ?? 0,
		rejected_count: cell.rejected_count ?? 0,
		avg_queue_ms: ratio(cell.queue_ms, cell.request_count),
		total_loads: cell.loads ?? 0,
	};
}

/** What `briefOf` reads. */
export const BRIEF: readonly MeasureName[] = [
	"request_count",
	"completed_count",
	"failed_count",
	"latency_ms",
	"first_token_count",
	"first_token_ms",
	"decoded_tokens",
	"decode_ms",
	"prompt_tokens",
	"completion_tokens",
	"retries",
	"fallbacks",
];

export function briefOf(cell: Counts): Brief {
	const [prompt, completion] = [cell.prompt_tokens ?? 0, cell.completion_tokens ?? 0];
	return {
		request_count: cell.request_count ?? 0,
		completed_count: cell.completed_count ?? 0,
		failed_count: cell.failed_count ?? 0,
		avg_latency_ms: ratio(cell.latency_ms, cell.completed_count),
		avg_ttft_ms: ratio(cell.first_token_ms, cell.first_token_count),
		tokens_per_second: ratio((cell.decoded_tokens ?? 0) * 1000, cell.decode_ms),
		total_prompt_tokens: prompt,
		total_completion_tokens: completion,
		total_tokens: prompt + completion,
		total_retries: cell.retries ?? 0,
		total_fallbacks: cell.fallbacks ?? 0,
	};
}

export function timesOf(cell: Pick<Cell, "latency_histogram" | "hot_histogram" | "cold_histogram">): Times {
	return {
		latency_ms: percentilesOf(cell.latency_histogram),
		ttft_hot_ms: percentilesOf(cell.hot_histogram),
		ttft_cold_ms: percentilesOf(cell.cold_histogram),
	};
}

export function summaryOf(cell: Counts): Summary {
	return {
		...statsOf(cell),
		total_requests: cell.request_count ?? 0,
		min_latency_ms: cell.latency_min_ms,
		max_latency_ms: cell.latency_max_ms,
		first_seen: cell.first_at ?? 0,
		last_seen: cell.last_at ?? 0,
	};
}

function percentilesOf(histogram: Histogram): Percentiles {
	const at = (share: number) => rounded(percentile(histogram, share));
	return { count: countOf(histogram), p50: at(0.5), p75: at(0.75), p95: at(0.95), p99: at(0.99) };
}

function ratio(sum: number | null, count: number | null): number | null {
	return sum === null || !count ? null : rounded(sum / count);
}

/** To hundredths: nobody reads more. */
export function rounded<Value extends number | null>(value: Value): Value | number {
	return value === null ? value : Math.round(value * 100) / 100;
}
