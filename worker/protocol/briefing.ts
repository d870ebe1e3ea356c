/** `GET /dashboard/api/briefing`: the state of the fleet in a few sentences, in the origin's form. No model writes them. */
import * as z from "zod";

export const BriefingSchema = z.object({
	enabled: z.boolean(),
	briefing: z.string(),
	/** The origin's word for a text that no model wrote. */
	model: z.literal("static"),
	/** Epoch seconds. */
	generated_at: z.number(),
	next_refresh_s: z.number(),
	cached: z.boolean(),
});
export type Briefing = z.infer<typeof BriefingSchema>;
