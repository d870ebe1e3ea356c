/**
 * What became of all requests, counted: the answers of `/dashboard/api/` that the page draws. Field names are the origin's where
 * it had the answer (reference/ollama-herd.md 1.6). Buckets and instants are epoch seconds, UTC; times null where nothing was timed.
 */
import * as z from "zod";

/** Nearest rank, within 5 % of a value that was measured; null of nothing. */
const PercentilesSchema = z.object({
	count: z.number(),
	p50: z.number().nullable(),
	p75: z.number().nullable(),
	p95: z.number().nullable(),
	p99: z.number().nullable(),
});
export type Percentiles = z.infer<typeof PercentilesSchema>;

/** Every request counts, whatever became of it; times are those of completed ones. */
export const StatsSchema = z.object({
	request_count: z.number(),
	completed_count: z.number(),
	failed_count: z.number(),
	disconnected_count: z.number(),
	incomplete_count: z.number(),
	no_output_count: z.number(),
	rejected_count: z.number(),
	avg_latency_ms: z.number().nullable(),
	/** To the first token. */
	avg_ttft_ms: z.number().nullable(),
	avg_queue_ms: z.number().nullable(),
	/** Of one answer while it is written. */
	tokens_per_second: z.number().nullable(),
	total_prompt_tokens: z.number(),
	total_completion_tokens: z.number(),
	total_tokens: z.number(),
	total_retries: z.number(),
	total_fallbacks: z.number(),
	/** Requests that had to wait for their model to be loaded. */
	total_loads: z.number(),
});
export type Stats = z.infer<typeof StatsSchema>;

/** One of many rows: the origin's fields, and the speed. */
const BriefSchema = StatsSchema.pick({
	request_count: true,
	completed_count: true,
	failed_count: true,
	avg_latency_ms: true,
	avg_ttft_ms: true,
	tokens_per_second: true,
	total_prompt_tokens: true,
	total_completion_tokens: true,
	total_tokens: true,
	total_retries: true,
	total_fallbacks: true,
});
export type Brief = z.infer<typeof BriefSchema>;

const TimesSchema = z.object({
	latency_ms: PercentilesSchema,
	/** To the first token, with the model in memory and without. */
	ttft_hot_ms: PercentilesSchema,
	ttft_cold_ms: PercentilesSchema,
});
export type Times = z.infer<typeof TimesSchema>;

/** Whole buckets: the first and the last may reach beyond what was asked for. */
const RangeSchema = z.object({ start: z.number(), end: z.number() });

export const OverviewSchema = z.object({
	...StatsSchema.shape,
	total_requests: z.number(),
	models_count: z.number(),
	/** Null while there is nothing. */
	first_seen: z.number().nullable(),
	/** Rows that are not in any of these figures yet; more than a few only after an import. */
	uncounted: z.number(),
});
export type Overview = z.infer<typeof OverviewSchema>;

export const TrendsSchema = z.object({
	hours: z.number(),
	...RangeSchema.shape,
	data: z.array(z.object({ hour_bucket: z.number(), ...StatsSchema.shape, ...TimesSchema.shape })),
	totals: z.object({ ...StatsSchema.shape, ...TimesSchema.shape }),
	/** The stretch of the same length before. */
	previous: z.object({ ...RangeSchema.shape, totals: z.object({ ...StatsSchema.shape, ...TimesSchema.shape }) }),
});
export type Trends = z.infer<typeof TrendsSchema>;

const SummarySchema = z.object({
	...StatsSchema.shape,
	total_requests: z.number(),
	min_latency_ms: z.number().nullable(),
	max_latency_ms: z.number().nullable(),
	first_seen: z.number(),
	last_seen: z.number(),
});
export type Summary = z.infer<typeof SummarySchema>;

/** Over the range asked for, beside how many requests there were in the one before. */
const InRangeSchema = z.object({ ...StatsSchema.shape, ...TimesSchema.shape, previous_request_count: z.number() });

export const ModelsSchema = z.object({
	days: z.number(),
	...RangeSchema.shape,
	daily: z.array(z.object({ model_name: z.string(), day_bucket: z.number(), ...BriefSchema.shape })),
	/** Of all time, the most used first. */
	summary: z.array(z.object({ model_name: z.string(), ...SummarySchema.shape })),
	range: z.array(z.object({ model_name: z.string(), ...InRangeSchema.shape })),
});
export type Models = z.infer<typeof ModelsSchema>;

export const UsageSchema = z.object({
	days: z.number(),
	...RangeSchema.shape,
	data: z.array(z.object({ node_id: z.string(), model: z.string(), day_bucket: z.number(), ...BriefSchema.shape })),
});
export type Usage = z.infer<typeof UsageSchema>;

/** An app is a tag; asked for keys, `tag` is the name of the key. */
export const AppsSchema = z.object({
	days: z.number(),
	...RangeSchema.shape,
	data: z.array(z.object({ tag: z.string(), ...InRangeSchema.shape })),
	summary: z.array(z.object({ tag: z.string(), ...SummarySchema.shape })),
});
export type Apps = z.infer<typeof AppsSchema>;

export const AppsDailySchema = z.object({
	days: z.number(),
	...RangeSchema.shape,
	data: z.array(z.object({ tag: z.string(), day_bucket: z.number(), ...BriefSchema.shape })),
});
export type AppsDaily = z.infer<typeof AppsDailySchema>;

const ModelContextSchema = z.object({
	model: z.string(),
	/** The largest it is loaded with anywhere; null when it is not loaded. */
	allocated_ctx: z.number().nullable(),
	override_ctx: z.number().nullable(),
	/** Completed ones that told their prompt's tokens. */
	request_count: z.number(),
	prompt_tokens: z.object({
		avg: z.number(),
		p50: z.number(),
		p75: z.number(),
		p95: z.number(),
		p99: z.number(),
		max: z.number(),
	}),
	/** Prompt and answer. */
	total_tokens: z.object({ p95: z.number(), p99: z.number(), max: z.number(), max_24h: z.number() }),
	utilization_pct: z.number().nullable(),
	recommended_ctx: z.number(),
	savings_pct: z.number().nullable(),
});
export type ModelContext = z.infer<typeof ModelContextSchema>;

export const ContextUsageSchema = z.object({ days: z.number(), ...RangeSchema.shape, models: z.array(ModelContextSchema) });
export type ContextUsage = z.infer<typeof ContextUsageSchema>;
