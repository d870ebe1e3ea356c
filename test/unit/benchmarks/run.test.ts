import { describe, it } from "vitest";
import { compareRuns } from "../../../worker/benchmarks/compare.ts";
import { percentile } from "../../../worker/benchmarks/percentile.ts";
import type { Pair } from "../../../worker/benchmarks/plan.ts";
import { BenchmarkRun, type RunPorts } from "../../../worker/benchmarks/run.ts";
import { BenchmarkWishSchema } from "../../../worker/protocol/benchmarks.ts";

const PAIR: Pair = { nodeId: "alpha", model: "m:1b", type: "llm", sizeBytes: 1e9, thinks: false, lanes: 1 };
const LAST = { message: { content: "" }, prompt_eval_count: 200, prompt_eval_duration: 1e8, eval_count: 50, eval_duration: 5e8 };

/** A router whose every answer takes a second of a clock that the test owns. */
function open(
	answers: (asked: Record<string, string>) => Response,
	{ pairs = [PAIR], mode = "default", ...more }: { pairs?: Pair[]; mode?: string } & Partial<RunPorts> = {},
) {
	const clock = { now: 0 };
	const asked: { headers: Record<string, string>; body: Record<string, unknown> }[] = [];
	const ports: RunPorts = {
		ask: async (_path, { headers, body }) => {
			clock.now += 1000;
			asked.push({ headers: headers as Record<string, string>, body: JSON.parse(body as string) });
			return answers(headers as Record<string, string>);
		},
		now: () => clock.now,
		// A pause after a failure is over at once, all else lasts as long as it may
		wait: (ms, signal) => (ms === 1000 ? Promise.resolve() : new Promise((resolve) => signal.addEventListener("abort", () => resolve()))),
		random: () => 0.5,
		plan: () => pairs,
		toPull: async () => [],
		pull: async () => undefined,
		readings: () => [{ nodeId: "alpha", cpuPct: 40, memoryPct: 50, active: 1 }],
		nodes: () => [{ node_id: "alpha" }],
		...more,
	};
	const run = new BenchmarkRun("bench-1", BenchmarkWishSchema.parse({ duration: 3, mode }), ports);
	return { run, asked, clock };
}

const answered = () =>
	new Response(`${JSON.stringify({ message: { content: "Hi" } })}\n${JSON.stringify({ ...LAST, done: true })}\n`, {
		headers: { "x-fleet-queue-ms": "0" },
	});

describe("a benchmark run", () => {
	it("warms up once, then asks as a batch at the named machine until its time is over, and sums up", async ({ expect }) => {
		const { run, asked } = open(answered);
		const record = await run.run();
		expect(asked).toHaveLength(4);
		expect(asked[0]?.body).toMatchObject({ model: "m:1b", options: { num_predict: 1 } });
		expect(asked[1]?.headers).toMatchObject({ "x-fleet-only-node": "alpha", "x-fleet-class": "batch", "x-herd-tags": "benchmark" });
		expect(record).toMatchObject({
			status: "complete",
			total_requests: 3,
			total_failures: 0,
			total_completion_tokens: 150,
			tokens_per_sec: 50,
		});
		expect(record.pair_results).toMatchObject([
			{ node_id: "alpha", requests: 3, prefill_tok_s: 2000, decode_tok_s: 100, ttft_p50_ms: 1000 },
		]);
		expect(record.per_node_results).toMatchObject([{ node_id: "alpha", pct: 100, tokens: 150 }]);
		expect(run.progress).toMatchObject({ status: "complete", requests_completed: 3 });
	});

	it("counts what goes wrong, and leaves a model alone that only fails", async ({ expect }) => {
		let asked = 0;
		const { run } = open(() => (asked++ === 0 ? answered() : Response.json({ error: "out of memory" }, { status: 500 })));
		const record = await run.run();
		expect(record.total_requests).toBe(0);
		expect(record.pair_results[0]?.errors[0]).toMatchObject({ message: "500: out of memory" });
	});

	it("says why when nothing could be warmed up", async ({ expect }) => {
		const { run } = open(() => Response.json({ error: "no such model" }, { status: 404 }));
		expect(await run.run()).toMatchObject({ status: "error", error: "m:1b on alpha: 404: no such model" });
	});

	it("is cancelled for good: later progress does not overwrite it", async ({ expect }) => {
		const { run } = open(answered);
		expect(run.cancel()).toBe(true);
		expect(await run.run()).toMatchObject({ status: "cancelled", total_requests: 0 });
		expect([run.progress.status, run.cancel()]).toEqual(["cancelled", false]);
	});

	it("pulls what is missing first when it is smart", async ({ expect }) => {
		const wanted = { model: "new:1b", nodeId: "alpha", sizeBytes: 1e9 };
		const { run } = open(answered, {
			mode: "smart",
			toPull: async () => [wanted],
		});
		expect(await run.run()).toMatchObject({ models_pulled: ["new:1b"], mode: "smart" });
	});
});

describe("figures", () => {
	it("are the origin's percentiles", ({ expect }) => {
		expect([percentile([1, 2, 3, 4], 50), percentile([10], 99), percentile([], 50)]).toEqual([2.5, 10, null]);
	});

	it("of two runs stand beside each other with the change in per cent", async ({ expect }) => {
		const record = await open(() => Response.json({ error: "x" }, { status: 500 })).run.run();
		const pair = {
			node_id: "alpha",
			model: "m:1b",
			model_type: "llm",
			requests: 1,
			failures: 0,
			ttft_p50_ms: 10,
			ttft_p95_ms: 10,
			tok_s: 1,
			errors: [],
		};
		const a = { ...record, run_id: "a", tokens_per_sec: 40, pair_results: [{ ...pair, decode_tok_s: 40, prefill_tok_s: null }] };
		const b = { ...record, run_id: "b", tokens_per_sec: 50, pair_results: [{ ...pair, decode_tok_s: 50, prefill_tok_s: 9 }] };
		expect(compareRuns(a, b)).toMatchObject({
			totals: { tokens_per_sec: { a: 40, b: 50, change_pct: 25 } },
			pairs: [{ decode_tok_s: { change_pct: 25 }, prefill_tok_s: { a: null, b: 9, change_pct: null } }],
		});
	});
});
