/** `GET /dashboard/api/recommendations`: the origin's fields, then ours. GB are GiB, as in `/fleet/status`. */
import * as z from "zod";

const ItemSchema = z.object({
	model: z.string(),
	display_name: z.string(),
	category: z.string(),
	/** In memory, with a context and all places. */
	ram_gb: z.number(),
	/** On the scale of GPQA, out of all benchmarks that are known of it; 0: none is. */
	quality_score: z.number(),
	reason: z.string(),
	priority: z.enum(["high", "medium", "low"]),
	already_available: z.boolean(),
	/** On disk. */
	size_gb: z.number(),
	quantization: z.string(),
	context_tokens: z.number(),
	/** Expected there, of an answer to one request at a time. */
	tokens_per_second: z.number(),
	/** From answers that were measured there, not from the hardware. */
	speed_is_measured: z.boolean(),
	benchmarks: z.array(z.object({ name: z.string(), score: z.number(), source: z.string() })),
	/** What to delete there first, for want of disk. */
	delete_first: z.array(z.object({ model: z.string(), size_gb: z.number(), days_unused: z.number().nullable() })),
});
export type RecommendedModel = z.infer<typeof ItemSchema>;

export const RecommendationsSchema = z.object({
	nodes: z.array(
		z.object({
			node_id: z.string(),
			total_ram_gb: z.number(),
			/** What models can fill: of graphics memory where there is some. */
			usable_ram_gb: z.number(),
			/** In memory now. */
			current_models: z.array(z.string()),
			recommendations: z.array(ItemSchema),
			disk_total_gb: z.number().nullable(),
			disk_available_gb: z.number().nullable(),
			total_recommended_ram_gb: z.number(),
			ram_headroom_gb: z.number(),
		}),
	),
	usage: z.object({
		total_requests_24h: z.number(),
		/** Requests by category. */
		category_breakdown: z.record(z.string(), z.number()),
		top_models: z.array(z.object({ model: z.string(), requests: z.number(), category: z.string() })),
		/** By category, the nodes that would serve it. */
		category_coverage: z.record(z.string(), z.array(z.string())),
	}),
	fleet_summary: z.string(),
	uncovered_categories: z.array(z.string()),
	/** Epoch seconds. */
	generated_at: z.number(),
	catalogue_snapshot: z.string(),
});
export type Recommendations = z.infer<typeof RecommendationsSchema>;
