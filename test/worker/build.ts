/** Builders for the worker's tests; those of the unit tests, and a trace. */
import type { Trace } from "../../worker/protocol/trace.ts";

export { beat, GB, request } from "../unit/build-node.ts";

export function trace(facts: Partial<Trace> = {}): Trace {
	return {
		request_id: "1",
		model: "llama3.1:8b",
		original_model: "llama3.1:8b",
		node_id: "alpha",
		score: 50,
		scores_breakdown: null,
		status: "completed",
		latency_ms: 100,
		time_to_first_token_ms: 10,
		prompt_tokens: 1,
		completion_tokens: 2,
		retry_count: 0,
		fallback_used: false,
		excluded_nodes: null,
		client_ip: "",
		original_format: "ollama",
		error_message: null,
		timestamp: 1,
		tags: null,
		finish_reason: "stop",
		estimated_tokens: 1,
		attempts: [],
		queue_ms: 0,
		load_ms: null,
		prefill_ms: null,
		decode_ms: null,
		reason: "hot-idle",
		class: "interactive",
		endpoint: "/api/chat",
		streamed: true,
		rewrote: null,
		key_name: null,
		...facts,
	};
}
