/** What a decision expected of the chosen node, beside what came of it. Pure. */
import type { DecisionReport } from "../protocol/decision.ts";
import type { Trace } from "../protocol/trace.ts";

/** Seconds or tokens; null where nothing was measured, or the other was never reached. */
export interface Comparison {
	readonly expected: number;
	readonly actual: number | null;
}

export type Comparisons = Record<"load_s" | "prefill_s" | "decode_s" | "first_token_s" | "completion_s" | "output_tokens", Comparison>;

/** Actual times run from the place on: what was waited before it is `queue_ms`. */
export function compare(trace: Trace, decision: DecisionReport): Comparisons | null {
	const chosen = decision.candidates.find(({ node_id: nodeId }) => nodeId === decision.node_id);
	if (!chosen || trace.node_id !== decision.node_id) return null;
	const { seconds } = chosen;
	const sincePlace = (ms: number | null) => (ms === null ? null : secondsOf(ms - trace.queue_ms));
	return {
		load_s: { expected: seconds.load, actual: secondsOf(trace.load_ms) },
		prefill_s: { expected: round(seconds.prefill * seconds.sharing), actual: secondsOf(trace.prefill_ms) },
		decode_s: { expected: round(seconds.decode * seconds.sharing), actual: secondsOf(trace.decode_ms) },
		first_token_s: { expected: round(seconds.first_token - seconds.wait), actual: sincePlace(trace.time_to_first_token_ms) },
		completion_s: { expected: round(seconds.completion - seconds.wait), actual: sincePlace(trace.latency_ms) },
		output_tokens: { expected: decision.expected_tokens, actual: trace.completion_tokens },
	};
}

function secondsOf(ms: number | null): number | null {
	return ms === null ? null : round(ms / 1000);
}

function round(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
