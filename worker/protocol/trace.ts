/** One finished request: the row of `request_traces`, and the answer of `GET /dashboard/api/traces`. */
import * as z from "zod";

export const TRACE_STATUSES = ["completed", "failed", "client_disconnected", "incomplete", "no_output", "rejected"] as const;
export type TraceStatus = (typeof TRACE_STATUSES)[number];

/** One try at one node. `failure` is absent on the try that answered. */
const AttemptSchema = z.object({
	node_id: z.string(),
	failure: z.string().optional(),
	error: z.string().optional(),
	/** From sending the request to its failure or its first byte. */
	duration_ms: z.number(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

export const TraceSchema = z.object({
	request_id: z.string(),
	/** The model that answered, and the one asked for, both with their tag. */
	model: z.string(),
	original_model: z.string(),
	/** Empty when no node was reached. */
	node_id: z.string(),
	score: z.number().nullable(),
	scores_breakdown: z.record(z.string(), z.number()).nullable(),
	status: z.enum(TRACE_STATUSES),
	/** From arrival to the last byte, waiting included. */
	latency_ms: z.number().nullable(),
	/** From arrival to the first token the client could see. */
	time_to_first_token_ms: z.number().nullable(),
	prompt_tokens: z.number().nullable(),
	completion_tokens: z.number().nullable(),
	retry_count: z.number(),
	fallback_used: z.boolean(),
	excluded_nodes: z.array(z.string()).nullable(),
	client_ip: z.string(),
	original_format: z.enum(["ollama", "openai", "anthropic"]),
	error_message: z.string().nullable(),
	/** Epoch seconds at which the request ended. */
	timestamp: z.number(),
	tags: z.array(z.string()).nullable(),
	finish_reason: z.string().nullable(),
	estimated_tokens: z.number().nullable(),
	attempts: z.array(AttemptSchema),
	/** Time spent waiting for a place, over all attempts. */
	queue_ms: z.number(),
	/** Ollama's `load_duration`. */
	load_ms: z.number().nullable(),
	/** Ollama's own where its API tells them, else by the clock. */
	prefill_ms: z.number().nullable(),
	decode_ms: z.number().nullable(),
	reason: z.string().nullable(),
	class: z.enum(["interactive", "agent", "batch"]),
	endpoint: z.string(),
	streamed: z.boolean(),
	/** What the router changed in the body, one sentence each. */
	rewrote: z.array(z.string()).nullable(),
	/** Name of the key it came with; null without one. */
	key_name: z.string().nullable(),
});
export type Trace = z.infer<typeof TraceSchema>;

export const TraceListSchema = z.object({
	/** Newest first. */
	traces: z.array(TraceSchema),
	/** For `cursor`, to look on from here; null when there is nothing older. With it even an empty list is not the last. */
	next_cursor: z.string().nullable(),
});
export type TraceList = z.infer<typeof TraceListSchema>;
