/** The answer of `GET /dashboard/api/health`: the origin's fields, then ours. Times are epoch seconds. */
import * as z from "zod";

const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];
const SeveritySchema = z.enum(SEVERITIES);

const VitalsSchema = z.object({
	nodes_total: z.number(),
	nodes_online: z.number(),
	nodes_degraded: z.number(),
	nodes_offline: z.number(),
	overall_error_rate_pct: z.number(),
	/** Requests that waited for a load. */
	cold_loads_24h: z.number(),
	/** Null while nothing was answered. */
	avg_ttft_ms: z.number().nullable(),
	total_requests_24h: z.number(),
	total_retries_24h: z.number(),
	client_disconnects_24h: z.number(),
	incomplete_streams_24h: z.number(),
	/** 100 less 20 for each critical card and 10 for each warning; what is only told costs nothing. */
	health_score: z.number(),
});
export type Vitals = z.infer<typeof VitalsSchema>;

const RecommendationSchema = z.object({
	check_id: z.string(),
	severity: SeveritySchema,
	title: z.string(),
	/** What was seen, with its figures. */
	description: z.string(),
	fix: z.string(),
	/** Null when it is the fleet's, not a node's. */
	node_id: z.string().nullable(),
	data: z.record(z.string(), z.unknown()),
	/** Since when it holds. */
	since: z.number(),
});
export type Recommendation = z.infer<typeof RecommendationSchema>;

const HealthChangeSchema = z.object({
	at: z.number(),
	kind: z.enum(["appeared", "worsened", "eased", "cleared"]),
	check_id: z.string(),
	severity: SeveritySchema,
	title: z.string(),
	node_id: z.string().nullable(),
});
export type HealthChange = z.infer<typeof HealthChangeSchema>;

export const HealthReportSchema = z.object({
	vitals: VitalsSchema,
	/** The worst first. */
	recommendations: z.array(RecommendationSchema),
	checked_at: z.number(),
	/** The score in words. */
	score_reason: z.string(),
	/** What came and went lately, the newest first. */
	changes: z.array(HealthChangeSchema),
});
export type HealthReport = z.infer<typeof HealthReportSchema>;
