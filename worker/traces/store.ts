/** Writing traces: one statement for a whole batch, safe to repeat by the unique request id. */
import type { Trace } from "../protocol/trace.ts";

/** Column, and its value in a trace; the only place that knows both. */
const COLUMNS: Record<keyof Trace, (trace: Trace) => string | number | null> = {
	request_id: (trace) => trace.request_id,
	model: (trace) => trace.model,
	original_model: (trace) => trace.original_model,
	node_id: (trace) => trace.node_id,
	score: (trace) => trace.score,
	scores_breakdown: (trace) => json(trace.scores_breakdown),
	status: (trace) => trace.status,
	latency_ms: (trace) => trace.latency_ms,
	time_to_first_token_ms: (trace) => trace.time_to_first_token_ms,
	prompt_tokens: (trace) => trace.prompt_tokens,
	completion_tokens: (trace) => trace.completion_tokens,
	retry_count: (trace) => trace.retry_count,
	fallback_used: (trace) => Number(trace.fallback_used),
	excluded_nodes: (trace) => json(trace.excluded_nodes),
	client_ip: (trace) => trace.client_ip,
	original_format: (trace) => trace.original_format,
	error_message: (trace) => trace.error_message,
	timestamp: (trace) => trace.timestamp,
	tags: (trace) => json(trace.tags),
	finish_reason: (trace) => trace.finish_reason,
	estimated_tokens: (trace) => trace.estimated_tokens,
	attempts: (trace) => json(trace.attempts),
	queue_ms: (trace) => trace.queue_ms,
	load_ms: (trace) => trace.load_ms,
	prefill_ms: (trace) => trace.prefill_ms,
	decode_ms: (trace) => trace.decode_ms,
	reason: (trace) => trace.reason,
	class: (trace) => trace.class,
	endpoint: (trace) => trace.endpoint,
	streamed: (trace) => Number(trace.streamed),
	rewrote: (trace) => json(trace.rewrote),
	key_name: (trace) => trace.key_name,
};

const NAMES = Object.keys(COLUMNS);
const INSERT = `insert or ignore into request_traces (${NAMES.join(", ")})
	select ${NAMES.map((_, index) => `value->>${index}`).join(", ")} from json_each(?)`;

export async function insertTraces(database: D1Database, traces: readonly Trace[]): Promise<void> {
	await insertion(database, traces).run();
}

export function insertion(database: D1Database, traces: readonly Trace[]): D1PreparedStatement {
	const rows = traces.map((trace) => Object.values(COLUMNS).map((read) => read(trace)));
	return database.prepare(INSERT).bind(JSON.stringify(rows));
}

function json(value: unknown): string | null {
	return value === null ? null : JSON.stringify(value);
}
