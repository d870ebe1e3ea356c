/** What a run comes to. Pure. */
import type { BenchmarkRecord, PairResult } from "../protocol/benchmarks.ts";
import { mean, percentile, perSecond, rounded } from "./percentile.ts";
import type { Pair } from "./plan.ts";
import type { Sample } from "./sample.ts";
import type { Utilization } from "./utilization.ts";

const GIB = 1024 ** 3;

export interface Measured {
	readonly pair: Pair;
	readonly samples: readonly Sample[];
	/** How long it was measured. */
	readonly activeMs: number;
}

export interface RunFacts {
	readonly runId: string;
	/** Epoch milliseconds. */
	readonly startedAt: number;
	/** Of the measuring. */
	readonly durationMs: number;
	readonly mode: string;
	readonly status: BenchmarkRecord["status"];
	readonly error?: string | undefined;
	readonly modelsPulled: readonly string[];
	readonly nodes: NonNullable<BenchmarkRecord["fleet_snapshot"]>["nodes"];
	readonly utilization: readonly Utilization[];
}

export function reportOf(measured: readonly Measured[], facts: RunFacts): BenchmarkRecord {
	const answered = measured.flatMap(({ samples }) => samples.filter(({ error }) => error === undefined));
	const all = measured.flatMap(({ samples }) => samples);
	const { durationMs } = facts;
	const latencies = answered.map(({ latencyMs }) => latencyMs);
	const firsts = answered.flatMap(({ ttftMs }) => ttftMs ?? []);
	return {
		run_id: facts.runId,
		timestamp: facts.startedAt / 1000,
		duration_s: rounded(durationMs / 1000),
		total_requests: answered.length,
		total_failures: all.length - answered.length,
		total_prompt_tokens: sum(answered.map(({ promptTokens }) => promptTokens)),
		total_completion_tokens: tokensOf(answered),
		requests_per_sec: perSecond(answered.length, durationMs),
		tokens_per_sec: perSecond(tokensOf(answered), durationMs),
		latency_p50_ms: percentile(latencies, 50),
		latency_p95_ms: percentile(latencies, 95),
		latency_p99_ms: percentile(latencies, 99),
		ttft_p50_ms: percentile(firsts, 50),
		ttft_p95_ms: percentile(firsts, 95),
		ttft_p99_ms: percentile(firsts, 99),
		fleet_snapshot: { nodes: [...facts.nodes], models: modelsOf(measured) },
		per_model_results: perModel(measured),
		per_node_results: perNode(measured, answered.length),
		peak_utilization: [...facts.utilization],
		status: facts.status,
		mode: facts.mode,
		pair_results: measured.map(pairResult),
		models_pulled: [...facts.modelsPulled],
		error: facts.error ?? null,
	};
}

function pairResult({ pair, samples, activeMs }: Measured): PairResult {
	const answered = samples.filter(({ error }) => error === undefined);
	const firsts = answered.flatMap(({ ttftMs }) => ttftMs ?? []);
	return {
		node_id: pair.nodeId,
		model: pair.model,
		model_type: pair.type,
		requests: answered.length,
		failures: samples.length - answered.length,
		ttft_p50_ms: percentile(firsts, 50),
		ttft_p95_ms: percentile(firsts, 95),
		prefill_tok_s: rateOf(answered, ({ promptTokens, prefillMs }) => [promptTokens, prefillMs]),
		decode_tok_s: rateOf(answered, ({ completionTokens, decodeMs }) => [completionTokens, decodeMs]),
		tok_s: perSecond(tokensOf(answered), activeMs),
		errors: errorsOf(samples),
	};
}

/** Of all samples that tell both. */
function rateOf(samples: readonly Sample[], read: (sample: Sample) => [number, number | undefined]): number | null {
	const told = samples.map(read).flatMap(([tokens, ms]) => (ms ? [{ tokens, ms }] : []));
	return perSecond(sum(told.map(({ tokens }) => tokens)), sum(told.map(({ ms }) => ms)));
}

function errorsOf(samples: readonly Sample[]): PairResult["errors"] {
	const counts = new Map<string, number>();
	for (const { error } of samples) if (error !== undefined) counts.set(error, (counts.get(error) ?? 0) + 1);
	return [...counts].map(([message, count]) => ({ message, count }));
}

function perModel(measured: readonly Measured[]): BenchmarkRecord["per_model_results"] {
	return groups(measured, ({ pair }) => pair.model).map(([model, group]) => {
		const answered = answeredIn(group);
		return {
			model,
			model_type: group[0]?.pair.type ?? "llm",
			requests: answered.length,
			tok_s: perSecond(tokensOf(answered), Math.max(...group.map(({ activeMs }) => activeMs))),
			avg_latency_ms: mean(answered.map(({ latencyMs }) => latencyMs)),
			avg_ttft_ms: mean(answered.flatMap(({ ttftMs }) => ttftMs ?? [])),
		};
	});
}

function perNode(measured: readonly Measured[], total: number): BenchmarkRecord["per_node_results"] {
	return groups(measured, ({ pair }) => pair.nodeId).map(([nodeId, group]) => {
		const answered = answeredIn(group);
		return {
			node_id: nodeId,
			requests: answered.length,
			pct: total > 0 ? rounded((100 * answered.length) / total) : 0,
			tok_s: perSecond(tokensOf(answered), sum(group.map(({ activeMs }) => activeMs))),
			tokens: tokensOf(answered),
		};
	});
}

function modelsOf(measured: readonly Measured[]): NonNullable<BenchmarkRecord["fleet_snapshot"]>["models"] {
	return groups(measured, ({ pair }) => pair.model).map(([name, group]) => ({
		name,
		size_gb: rounded((group[0]?.pair.sizeBytes ?? 0) / GIB),
		concurrency: Math.max(...group.map(({ pair }) => pair.lanes)),
		model_type: group[0]?.pair.type ?? "llm",
	}));
}

function groups(measured: readonly Measured[], key: (one: Measured) => string): [string, Measured[]][] {
	return [...Map.groupBy(measured, key)];
}

function answeredIn(group: readonly Measured[]): Sample[] {
	return group.flatMap(({ samples }) => samples.filter(({ error }) => error === undefined));
}

function tokensOf(samples: readonly Sample[]): number {
	return sum(samples.map(({ completionTokens }) => completionTokens));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
