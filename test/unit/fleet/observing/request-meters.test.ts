/** What a finished request adds to the metrics. */
import { describe, it } from "vitest";
import { fleetGauges } from "../../../../worker/fleet/observing/gauges.ts";
import { RequestMeters } from "../../../../worker/fleet/observing/request-meters.ts";
import { releaseLease } from "../../../../worker/fleet/leases.ts";
import { exposition } from "../../../../worker/metrics/exposition.ts";
import type { Trace } from "../../../../worker/protocol/trace.ts";
import { afterFailure } from "../../../../worker/routing/breaker.ts";
import { trace } from "../../../worker/build.ts";
import { fleetOf, GB, node } from "../../build-node.ts";
import { readMetrics } from "../../metrics/read-exposition.ts";
import { settle } from "../build-fleet.ts";

const MODEL = "llama3.1:8b";
const where = { model: MODEL, node: "alpha" };

/** One request on a machine where it has to be loaded first, or not. */
function served(facts: Partial<Trace>, { resident }: { resident: boolean } = { resident: true }) {
	const state = fleetOf(node({ installed: { [MODEL]: 6 * GB }, resident: resident ? { [MODEL]: 6 * GB } : {} }));
	settle(state);
	const meters = new RequestMeters();
	meters.finished(trace({ node_id: "alpha", ...facts }), releaseLease(state, "request-1", 1000));
	return readMetrics(exposition(meters.families()));
}

describe("a finished request", () => {
	it("counts by model, node, class and outcome, with its times and tokens", ({ expect }) => {
		const { value } = served({
			latency_ms: 3000,
			time_to_first_token_ms: 400,
			queue_ms: 50,
			prompt_tokens: 20,
			completion_tokens: 100,
			decode_ms: 2000,
		});
		expect(value("herd_requests_total", { ...where, class: "interactive", outcome: "completed" })).toBe(1);
		expect(value("herd_time_to_first_token_seconds_sum", { model: MODEL })).toBe(0.4);
		expect(value("herd_inter_token_latency_seconds_sum", { model: MODEL })).toBe(0.02);
		expect(value("herd_e2e_request_latency_seconds_sum", { model: MODEL })).toBe(3);
		expect(value("herd_request_queue_time_seconds_sum", { model: MODEL })).toBe(0.05);
		expect([value("herd_prompt_tokens_total", where), value("herd_generation_tokens_total", where)]).toEqual([20, 100]);
		expect(value("herd_dispatch_decisions_total", { reason: "only-node" })).toBe(1);
		expect(value("herd_prediction_error_seconds_count", { term: "first_token" })).toBe(1);
	});

	it("counts its load, and tells a load from one anew", ({ expect }) => {
		const cold = served({ load_ms: 4000 }, { resident: false });
		expect(cold.value("herd_model_loads_total", { ...where, reason: "only-node" })).toBe(1);
		expect(cold.value("herd_model_load_seconds_sum", { model: MODEL })).toBe(4);
		expect(served({ load_ms: 4000 }).value("herd_model_loads_total", { ...where, reason: "reload" })).toBe(1);
		expect(served({ load_ms: 60 }).samples.filter(({ name }) => name === "herd_model_loads_total")).toEqual([]);
	});

	it("counts each try that failed", ({ expect }) => {
		const attempts = [
			{ node_id: "beta", failure: "connect", duration_ms: 3 },
			{ node_id: "alpha", duration_ms: 5 },
		];
		expect(served({ attempts }).value("herd_retries_total", { reason: "connect" })).toBe(1);
	});

	it("leaves its time out where it did not end well", ({ expect }) => {
		const { value } = served({ status: "failed", latency_ms: 9000, time_to_first_token_ms: null });
		expect(value("herd_e2e_request_latency_seconds_count", { model: MODEL })).toBeUndefined();
		expect(value("herd_time_to_first_token_seconds_count", { model: MODEL })).toBeUndefined();
	});

	it("gives a name that clients made up no series of its own, nor too many models", ({ expect }) => {
		const meters = new RequestMeters();
		for (let index = 0; index < 80; index++) {
			meters.finished(trace({ model: `made-up-${index}`, node_id: "", status: "rejected" }), undefined);
			meters.finished(trace({ model: `real-${index}`, node_id: "alpha" }), undefined);
		}
		const models = new Set(readMetrics(exposition(meters.families())).samples.flatMap(({ labels }) => labels.model ?? []));
		expect([...models].filter((name) => name.startsWith("made-up"))).toEqual([]);
		expect([models.size, models.has("other"), models.has("unknown")]).toEqual([52, true, true]);
	});
});

describe("the fleet as it stands", () => {
	it("is told by machine and model, with what is against a machine", ({ expect }) => {
		const failed = { model: MODEL, kind: "reset", now: 0 } as const;
		const breakers = afterFailure(afterFailure(afterFailure(new Map(), failed), failed), failed);
		const state = fleetOf(
			{ ...node({ resident: { [MODEL]: 6 * GB }, numParallel: 2, gpuGb: 24 }), breakers },
			node({ id: "off", state: "stopped" }),
		);
		settle(state);
		const { value, samples } = readMetrics(exposition(fleetGauges(state, 5000)));
		expect(value("herd_num_requests_running", where)).toBe(1);
		expect([value("herd_slots", { ...where, state: "busy" }), value("herd_slots", { ...where, state: "free" })]).toEqual([1, 1]);
		expect(value("herd_breaker_open", where)).toBe(1);
		expect(value("herd_node_blocked", { node: "off", reason: "ollama-down" })).toBe(1);
		expect(value("herd_node_gpu_memory_total_bytes", { node: "alpha", gpu: "0" })).toBe(24 * GB);
		expect(samples.filter(({ name }) => name === "herd_node_cpu_utilization_ratio")).toEqual([]);
	});
});
