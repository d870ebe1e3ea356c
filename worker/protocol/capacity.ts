/** How much of a machine its owner leaves to the fleet: what the agent says of it, what the router keeps, and the owner's word. */
import * as z from "zod";

const Ratio = z.number().min(0).max(1);
const MAX_TEXT = 200;
/** A week of hours, Monday 0:00 first, in the machine's own time zone. */
export const WEEK_HOURS = 168;
/** Longer than any holiday; a pause without an end is another thing. */
const LONGEST_PAUSE_S = 366 * 86_400;

/** The origin's words; `bootstrap`: too little of the week is known, so only the present counts. */
export const CapacityModeSchema = z.enum(["paused", "bootstrap", "learned_low", "learned_medium", "learned_high", "full"]);
export type CapacityMode = z.infer<typeof CapacityModeSchema>;

/** In percent, how much each hour of the week is the owner's; null: not seen yet. */
export const WeekMapSchema = z.array(z.number().int().min(0).max(100).nullable()).length(WEEK_HOURS);
export type WeekMap = z.infer<typeof WeekMapSchema>;

/** What a beat says. Without it the whole machine is the fleet's. */
export const CapacityReportSchema = z.object({
	mode: CapacityModeSchema,
	/** Why, such as `paused_by_owner`, `quiet_hours`, `on_battery`, `sustained_high_load`, `owner_active`. */
	reason: z.string().max(MAX_TEXT),
	/** Somebody's word, not what was learned. */
	override_active: z.boolean().default(false),
	/** When the reason ends by itself, epoch milliseconds of the agent's clock. */
	until: z.number().optional(),
	/** The largest model that may be loaded; absent: what fits. */
	ceiling_bytes: z.number().nonnegative().optional(),
	/** Requests at once, over all models; absent: as many as Ollama takes. */
	max_places: z.number().int().positive().optional(),
	/** How free the owner leaves the machine; absent, like the two below: nothing is learned there. */
	availability_score: Ratio.optional(),
	learning_confidence: Ratio.optional(),
	days_observed: z.number().nonnegative().optional(),
	/** Absent means unchanged since this agent last sent it. */
	week: WeekMapSchema.optional(),
});
export type CapacityReport = z.infer<typeof CapacityReportSchema>;

/** `POST /fleet/nodes/NAME/pause`. */
export const PauseRequestSchema = z.strictObject({
	/** Seconds; absent: until it is resumed. */
	for_s: z
		.number("must be a number of seconds")
		.positive("must be more than 0 seconds")
		.max(LONGEST_PAUSE_S, `must be at most ${LONGEST_PAUSE_S} seconds`)
		.optional(),
});

/** As `/fleet/status` tells it: the origin's fields, then ours. */
export const CapacitySnapshotSchema = z.object({
	mode: z.string(),
	/** GiB; 0: no ceiling. */
	ceiling_gb: z.number(),
	availability_score: z.number(),
	reason: z.string(),
	override_active: z.boolean(),
	learning_confidence: z.number(),
	days_observed: z.number(),
	/** Epoch seconds at which the reason ends by itself. */
	until: z.number().optional(),
	max_places: z.number().optional(),
	/** There is a week to show at `/fleet/nodes/NAME/capacity`. */
	is_learning: z.boolean(),
});
export type CapacitySnapshot = z.infer<typeof CapacitySnapshotSchema>;

/** The answer of `GET /fleet/nodes/NAME/capacity`. */
export const NodeCapacitySchema = z.object({
	node_id: z.string(),
	/** Null: the whole machine is the fleet's. */
	capacity: CapacitySnapshotSchema.nullable(),
	/** Null until the node has told one. */
	week: WeekMapSchema.nullable(),
});
export type NodeCapacity = z.infer<typeof NodeCapacitySchema>;
