import { describe, it } from "vitest";
import { newerThan } from "../../../dashboard/src/requests/newer-than.ts";
import { attemptWords, decodeRate, phasesOf, signalsOf, whyWords } from "../../../dashboard/src/requests/trace-words.ts";
import type { Trace } from "../../../worker/protocol/trace.ts";
import type { RuleReason } from "../../../worker/routing/rule/decision.ts";
import type { FailureKind } from "../../../worker/protocol/failure.ts";

function trace(given: Partial<Trace> = {}): Trace {
	return {
		request_id: "one",
		model: "a:7b",
		original_model: "a:7b",
		node_id: "mac-studio",
		score: 61,
		scores_breakdown: null,
		status: "completed",
		latency_ms: 5000,
		time_to_first_token_ms: 3000,
		prompt_tokens: 200,
		completion_tokens: 100,
		retry_count: 0,
		fallback_used: false,
		excluded_nodes: null,
		client_ip: "",
		original_format: "ollama",
		error_message: null,
		timestamp: 1_790_000_000,
		tags: null,
		finish_reason: "stop",
		estimated_tokens: 190,
		attempts: [],
		queue_ms: 500,
		load_ms: 1500,
		prefill_ms: null,
		decode_ms: null,
		reason: "hot-idle",
		class: "interactive",
		endpoint: "/api/chat",
		streamed: true,
		rewrote: null,
		key_name: null,
		...given,
	};
}

function list(...ids: string[]): Trace[] {
	return ids.map((request_id) => trace({ request_id }));
}

describe("speed", () => {
	it("counts only the time it was writing", ({ expect }) => {
		expect(decodeRate(trace())).toBe(50);
	});

	it("is unknown without both times, without tokens, or for an answer in one piece", ({ expect }) => {
		expect(decodeRate(trace({ time_to_first_token_ms: null }))).toBeUndefined();
		expect(decodeRate(trace({ completion_tokens: null }))).toBeUndefined();
		expect(decodeRate(trace({ latency_ms: 3000 }))).toBeUndefined();
	});
});

describe("where the time went", () => {
	it("adds up to the whole", ({ expect }) => {
		expect(phasesOf(trace())).toEqual([
			{ name: "waiting", ms: 500 },
			{ name: "loading", ms: 1500 },
			{ name: "reading", ms: 1000 },
			{ name: "writing", ms: 2000 },
		]);
	});

	it("claims no phase it can't know when no token came", ({ expect }) => {
		const phases = phasesOf(trace({ time_to_first_token_ms: null, load_ms: null }));
		expect(phases).toEqual([
			{ name: "waiting", ms: 500 },
			{ name: "working", ms: 4500 },
		]);
	});

	it("never exceeds the whole when the counters disagree", ({ expect }) => {
		const phases = phasesOf(trace({ queue_ms: 9000, load_ms: 9000, time_to_first_token_ms: 9000 }));
		expect(phases).toEqual([{ name: "waiting", ms: 5000 }]);
	});
});

describe("words", () => {
	it.for<RuleReason>(["hot-idle", "hot-shared", "cold-idle", "cold-shared", "only-node"])("%s is a sentence", (reason, { expect }) => {
		expect(whyWords(trace({ reason }))).toMatch(/^It .+\.$/);
	});

	it.for<FailureKind>(["node-silent", "door-lost", "connect", "timeout", "reset", "server-error", "draining", "client-gone"])(
		"a try ended by %s is told",
		(failure, { expect }) => {
			expect(attemptWords({ node_id: "nuc", failure, duration_ms: 3 })).not.toMatch(/^failed:/);
		},
	);

	it("says why no machine was reached", ({ expect }) => {
		expect(whyWords(trace({ reason: null, node_id: "", status: "client_disconnected" }))).toContain("client left");
		expect(whyWords(trace({ reason: null, node_id: "", status: "rejected" }))).toContain("refused");
	});

	it("shows a score's signals in fixed order, unknown ones last, without the total", ({ expect }) => {
		const signals = signalsOf({ total: 41, new_signal: 1, queue_depth: -10, thermal: 50 });
		expect(signals.map(({ signal }) => signal)).toEqual(["model in memory", "work already there", "new signal"]);
	});
});

describe("a list that is held", () => {
	it("counts what came since", ({ expect }) => {
		expect(newerThan(list("d", "c", "b"), list("b", "a"))).toBe(2);
		expect(newerThan(list("b", "a"), list("b", "a"))).toBe(0);
		expect(newerThan(list("z", "y"), list("b", "a"))).toBe(2);
	});
});
