/** Two runs beside each other. Pure. */
import type { BenchmarkComparison, BenchmarkRecord, PairResult } from "../protocol/benchmarks.ts";
import { rounded } from "./percentile.ts";

const TOTALS = ["requests_per_sec", "tokens_per_sec", "latency_p50_ms", "latency_p95_ms", "ttft_p50_ms", "ttft_p95_ms"] as const;
type Change = BenchmarkComparison["totals"][string];

export function compareRuns(a: BenchmarkRecord, b: BenchmarkRecord): BenchmarkComparison {
	const keys = new Set([...a.pair_results, ...b.pair_results].map(keyOf));
	return {
		a: a.run_id,
		b: b.run_id,
		totals: Object.fromEntries(TOTALS.map((name) => [name, change(a[name], b[name])])),
		pairs: [...keys].toSorted().map((key) => comparePairs(a.pair_results.find(is(key)), b.pair_results.find(is(key)))),
	};
}

function comparePairs(a: PairResult | undefined, b: PairResult | undefined): BenchmarkComparison["pairs"][number] {
	return {
		node_id: a?.node_id ?? b?.node_id ?? "",
		model: a?.model ?? b?.model ?? "",
		decode_tok_s: change(a?.decode_tok_s, b?.decode_tok_s),
		prefill_tok_s: change(a?.prefill_tok_s, b?.prefill_tok_s),
		ttft_p50_ms: change(a?.ttft_p50_ms, b?.ttft_p50_ms),
	};
}

function change(a: number | null = null, b: number | null = null): Change {
	return { a, b, change_pct: a && b !== null ? rounded((100 * (b - a)) / a) : null };
}

function keyOf({ node_id: nodeId, model }: PairResult): string {
	return `${nodeId} ${model}`;
}

function is(key: string): (pair: PairResult) => boolean {
	return (pair) => keyOf(pair) === key;
}
