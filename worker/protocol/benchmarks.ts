/** Benchmark runs: the origin's fields, then ours. Rates are tokens per second; GB are GiB, as in `/fleet/status`. */
import * as z from "zod";

const Figure = z.number().nullable().default(null);
const ModelTypeSchema = z.enum(["llm", "embed"], 'must be "llm" or "embed"');
export type ModelType = z.infer<typeof ModelTypeSchema>;

const LEAST_S = 1;
const MOST_S = 3600;

/** `POST /dashboard/api/benchmarks/start`. */
export const BenchmarkWishSchema = z.object({
	/** `smart` also loads models of purposes that nothing in memory serves, and pulls one where the fleet has none. */
	mode: z.enum(["default", "smart"], 'must be "default" or "smart"').default("default"),
	/** Of the measuring itself, in seconds. */
	duration: z
		.number("must be a number of seconds")
		.min(LEAST_S, `must be at least ${LEAST_S}`)
		.max(MOST_S, `must be at most ${MOST_S}`)
		.default(300),
	model_types: z.array(ModelTypeSchema, 'must be a list such as ["llm"]').min(1, 'must be a list such as ["llm"]').default(["llm"]),
	/** Only these nodes and models; empty: all. */
	nodes: z.array(z.string(), "must be a list of machines").default([]),
	models: z.array(z.string(), "must be a list of models").default([]),
});
export type BenchmarkWish = z.infer<typeof BenchmarkWishSchema>;

const PairResultSchema = z.object({
	node_id: z.string(),
	model: z.string(),
	model_type: z.string(),
	requests: z.number(),
	failures: z.number(),
	/** Without the wait for a place. */
	ttft_p50_ms: Figure,
	ttft_p95_ms: Figure,
	/** Of one request at a time each, by Ollama's own counters. */
	prefill_tok_s: Figure,
	decode_tok_s: Figure,
	/** Of its lanes together. */
	tok_s: Figure,
	/** What went wrong, and how often. */
	errors: z.array(z.object({ message: z.string(), count: z.number() })).default([]),
});
export type PairResult = z.infer<typeof PairResultSchema>;

const List = <Item extends z.ZodType>(item: Item) => z.array(item).default([]);

export const BenchmarkRunSchema = z.object({
	run_id: z.string("must be a text").min(1, "must be a text").max(200),
	/** Epoch seconds of its start. */
	timestamp: z.number("must be a number"),
	duration_s: z.number("must be a number"),
	total_requests: z.number().default(0),
	total_failures: z.number().default(0),
	total_prompt_tokens: z.number().default(0),
	total_completion_tokens: z.number().default(0),
	requests_per_sec: Figure,
	tokens_per_sec: Figure,
	latency_p50_ms: Figure,
	latency_p95_ms: Figure,
	latency_p99_ms: Figure,
	ttft_p50_ms: Figure,
	ttft_p95_ms: Figure,
	ttft_p99_ms: Figure,
	fleet_snapshot: z
		.looseObject({
			nodes: List(z.looseObject({ node_id: z.string() })),
			models: List(z.looseObject({ name: z.string() })),
		})
		.nullable()
		.default(null),
	per_model_results: List(z.looseObject({ model: z.string() })),
	per_node_results: List(z.looseObject({ node_id: z.string() })),
	peak_utilization: List(z.looseObject({ node_id: z.string() })),
	/** `interrupted`: the router ended before it did. */
	status: z.enum(["running", "complete", "cancelled", "error", "interrupted"]).default("complete"),
	mode: z.string().default("default"),
	/** Each model on each node. */
	pair_results: List(PairResultSchema),
	models_pulled: List(z.string()),
	error: z.string().nullable().default(null),
});
export type BenchmarkRecord = z.infer<typeof BenchmarkRunSchema>;

export const BenchmarkProgressSchema = z.object({
	status: z.enum(["idle", "pulling", "warming_up", "running", "complete", "error", "cancelled"]),
	/** In words. */
	phase: z.string(),
	/** Seconds of the measuring, and how many there will be. */
	elapsed: z.number(),
	duration: z.number(),
	requests_completed: z.number(),
	requests_failed: z.number(),
	tok_per_sec: z.number(),
	models: z.array(z.string()),
	models_pulled: z.array(z.string()),
	pull_progress: z
		.object({
			model: z.string(),
			node_id: z.string(),
			/** Which of how many. */
			current: z.number(),
			total: z.number(),
			ram_gb: z.number(),
			on_disk: z.boolean(),
			pct: z.number(),
			status: z.string(),
			completed_gb: z.number(),
			total_gb: z.number(),
		})
		.nullable(),
	error: z.string().nullable(),
	run_id: z.string().optional(),
});
export type BenchmarkProgress = z.infer<typeof BenchmarkProgressSchema>;

const Change = z.object({ a: z.number().nullable(), b: z.number().nullable(), change_pct: z.number().nullable() });

/** `GET /dashboard/api/benchmarks/compare?a=&b=`. */
export const BenchmarkComparisonSchema = z.object({
	a: z.string(),
	b: z.string(),
	totals: z.record(z.string(), Change),
	/** Of what both or either measured. */
	pairs: z.array(z.object({ node_id: z.string(), model: z.string(), decode_tok_s: Change, prefill_tok_s: Change, ttft_p50_ms: Change })),
});
export type BenchmarkComparison = z.infer<typeof BenchmarkComparisonSchema>;
