/** Requests as a fleet sees them in some days, the same for the same seed. */
import type { Trace, TraceStatus } from "../../../worker/protocol/trace.ts";
import { trace } from "../build.ts";

export const DAY_S = 24 * 3600;
/** A Monday, 00:00 UTC. */
export const MONDAY = 20_000 * DAY_S + 5 * DAY_S;

const MODELS = ["llama3.1:8b", "qwen3:4b", "gemma3:27b"];
const NODES = ["alpha", "beta"];
const TAGS = [null, null, ["kitchen"], ["kitchen", "evening"], ["ci"]];
const KEYS = [null, "ada", "bob"];
const STATUSES: TraceStatus[] = [
	"completed",
	"completed",
	"completed",
	"completed",
	"failed",
	"client_disconnected",
	"incomplete",
	"no_output",
	"rejected",
];

export function randomTraces(count: number, { seed, days }: { seed: number; days: number }): Trace[] {
	const draw = drawer(seed);
	return Array.from({ length: count }, (_, index) => {
		const status = draw.of(STATUSES);
		const rejected = status === "rejected";
		const latency = Math.round(50 * 10 ** (3 * draw.unit()));
		return trace({
			request_id: `random-${seed}-${index}`,
			timestamp: MONDAY + Math.floor(draw.unit() * days * DAY_S * 1000) / 1000,
			model: rejected ? `unknown-${index}` : draw.of(MODELS),
			node_id: rejected ? "" : draw.of(NODES),
			status,
			latency_ms: latency,
			time_to_first_token_ms: rejected ? null : Math.round(latency * draw.unit()),
			load_ms: draw.of([null, 3, 4000]),
			prompt_tokens: rejected ? null : Math.round(10 ** (1 + 3 * draw.unit())),
			completion_tokens: rejected ? null : Math.round(500 * draw.unit()),
			decode_ms: draw.of([null, 1000 + Math.round(1000 * draw.unit())]),
			retry_count: draw.of([0, 0, 1, 2]),
			fallback_used: draw.of([false, false, true]),
			queue_ms: Math.round(100 * draw.unit()),
			tags: draw.of(TAGS),
			key_name: draw.of(KEYS),
		});
	});
}

interface Drawer {
	unit(): number;
	of<Value>(values: readonly Value[]): Value;
}

/** mulberry32. */
function drawer(seed: number): Drawer {
	let state = seed;
	const unit = () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
	return { unit, of: (values) => values[Math.floor(unit() * values.length)] as (typeof values)[number] };
}
