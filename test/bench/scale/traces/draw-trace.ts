/** The requests of a large fleet, in the order in which they ended; the same for the same seed. */
import type { Trace, TraceStatus } from "../../../../worker/protocol/trace.ts";
import type { Draws } from "../../routing/draws.ts";

const MODELS = Array.from({ length: 20 }, (_, index) => `model-${index}:${(index % 4) + 1}b`);
const NODES = Array.from({ length: 8 }, (_, index) => `node-${index}`);
const APPS = Array.from({ length: 30 }, (_, index) => `app-${index}`);
const KEYS = Array.from({ length: 5 }, (_, index) => `key-${index}`);
const STATUSES: readonly (readonly [TraceStatus, number])[] = [
	["completed", 950],
	["failed", 15],
	["client_disconnected", 20],
	["incomplete", 5],
	["no_output", 5],
	["rejected", 5],
];
const COLD_SHARE = 0.03;
const TAGGED_SHARE = 0.6;

export function drawTrace(draws: Draws, index: number, timestamp: number): Trace {
	const status = draws.weighted(STATUSES);
	const cold = draws.unit() < COLD_SHARE;
	const of = (names: readonly string[]) => names[Math.floor(names.length * draws.unit() ** 2)] ?? "";
	const loadMs = cold ? draws.lognormal(8_000, 0.5) : draws.integer(2, 9);
	const firstTokenMs = loadMs + draws.lognormal(400, 0.8);
	const decodeMs = draws.lognormal(6_000, 1);
	const model = of(MODELS);
	return {
		request_id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
		model,
		original_model: model,
		node_id: status === "rejected" ? "" : of(NODES),
		score: 61.5,
		scores_breakdown: { thermal: 50, memory_fit: 12, queue_depth: -3, wait_time: -2, role_affinity: 4, availability_trend: 0, total: 61.5 },
		status,
		latency_ms: Math.round(firstTokenMs + decodeMs),
		time_to_first_token_ms: status === "rejected" ? null : Math.round(firstTokenMs),
		prompt_tokens: Math.round(draws.lognormal(900, 1.2)),
		completion_tokens: Math.round(decodeMs / 25),
		retry_count: 0,
		fallback_used: false,
		excluded_nodes: null,
		client_ip: "",
		original_format: "openai",
		error_message: status === "failed" ? "node-3: connection refused" : null,
		timestamp,
		tags: draws.unit() < TAGGED_SHARE ? [of(APPS)] : null,
		finish_reason: "stop",
		estimated_tokens: 900,
		attempts: [{ node_id: "node-0", duration_ms: Math.round(firstTokenMs) }],
		queue_ms: 0,
		load_ms: Math.round(loadMs),
		prefill_ms: 350,
		decode_ms: Math.round(decodeMs),
		reason: cold ? "cold-idle" : "hot-idle",
		class: "interactive",
		endpoint: "/v1/chat/completions",
		streamed: true,
		rewrote: null,
		key_name: of(KEYS),
	};
}
