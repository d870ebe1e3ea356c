/** A choice as the fleet tells it: in `GET /fleet/explain`, and kept beside the trace of a request. Times are in seconds. */
import * as z from "zod";

const TermsSchema = z.object({
	/** Until a place is free. */
	wait: z.number(),
	load: z.number(),
	/** Reading what the node has not read before, and writing as much as usual; both alone on the machine. */
	prefill: z.number(),
	decode: z.number(),
	/** Both take this much longer beside what runs there. */
	sharing: z.number(),
	first_token: z.number(),
	completion: z.number(),
	/** What the load would push out, before its weight. */
	evicted_value: z.number(),
	cost: z.number(),
});

export const CandidateSchema = z.object({
	node_id: z.string(),
	model: z.string(),
	resident: z.boolean(),
	/** Nothing can start there now. */
	full: z.boolean(),
	/** Near enough to the cheapest; among these the points decide. */
	shortlisted: z.boolean(),
	points: z.record(z.string(), z.number()),
	seconds: TermsSchema,
	/** Tokens of the prompt that the node has read before. */
	known_tokens: z.number(),
	/** Requests that the rates rest on; 0 is a guess from the hardware. */
	samples: z.object({ decode: z.number(), prefill: z.number(), load: z.number() }),
	/** Models that the load is expected to push out. */
	evicts: z.array(z.string()),
});
export type CandidateReport = z.infer<typeof CandidateSchema>;

export const DecisionSchema = z.object({
	node_id: z.string(),
	model: z.string(),
	reason: z.string(),
	/** Why another model than the one asked for; empty for the one asked for. */
	because: z.string(),
	/** Epoch seconds. */
	decided_at: z.number(),
	prompt_tokens: z.number(),
	expected_tokens: z.number(),
	candidates_total: z.number(),
	/** The chosen one first, then the shortlist by points, then others by cost; not all of them. */
	candidates: z.array(CandidateSchema),
	/** How many nodes were out of the question, by reason. */
	against: z.record(z.string(), z.number()),
});
export type DecisionReport = z.infer<typeof DecisionSchema>;

export const ExplanationSchema = z.object({
	/** As asked, and what it means here. */
	model: z.string(),
	served_as: z.string(),
	/** Why another model than the one asked for; empty for the one asked for. */
	because: z.string(),
	/** What would be chosen with nothing waiting ahead; null when no node can serve it. */
	decision: DecisionSchema.nullable(),
	/** It would start at once. False: it would wait for that node. */
	starts_now: z.boolean(),
	/** Requests for this model that wait already. */
	waiting_ahead: z.number(),
	/** A larger model that is loaded with the context asked for, which it would rather be moved to; null when there is none. */
	larger_context: z.object({ node_id: z.string(), model: z.string() }).nullable(),
	/** Every node that can serve it, the cheapest first. */
	candidates: z.array(CandidateSchema),
	/** What is against each of the others. */
	against: z.record(z.string(), z.array(z.string())),
});
export type ExplanationReport = z.infer<typeof ExplanationSchema>;
