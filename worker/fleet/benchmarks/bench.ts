/** The one benchmark run there may be at a time, with its record in the database. */
import { planRun, PURPOSES } from "../../benchmarks/plan.ts";
import { BenchmarkRun, type Pulling, type RunPorts, type ToPull } from "../../benchmarks/run.ts";
import { reportOf } from "../../benchmarks/report.ts";
import { saveRun } from "../../benchmarks/store.ts";
import { log } from "../../log.ts";
import type { BenchmarkProgress, BenchmarkWish } from "../../protocol/benchmarks.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Recommendations } from "../../protocol/recommendations.ts";
import { completedBytes, totalBytes } from "../auto-pull/job.ts";
import type { ModelJobs } from "../jobs/model-jobs.ts";
import type { FleetState } from "../state.ts";
import { benchmarkNodes, readingsOf, snapshotOf } from "./facts.ts";

const LOOK_EVERY_MS = 250;
const GIB = 1024 ** 3;

export interface BenchParts {
	readonly state: FleetState;
	readonly database: D1Database;
	readonly jobs: ModelJobs;
	readonly recommendations: () => Promise<Recommendations>;
	/** Larger models are not pulled for a run. */
	readonly maxPullGb: () => number;
	/** The router's own front door. */
	readonly ask: RunPorts["ask"];
	readonly background: (work: Promise<void>) => void;
}

export type Started =
	| { readonly kind: "started"; readonly runId: string }
	| { readonly kind: "refused"; readonly status: number; readonly message: string };

const IDLE: BenchmarkProgress = {
	status: "idle",
	phase: "idle",
	elapsed: 0,
	duration: 0,
	requests_completed: 0,
	requests_failed: 0,
	tok_per_sec: 0,
	models: [],
	models_pulled: [],
	pull_progress: null,
	error: null,
};

export class Bench {
	readonly #parts: BenchParts;
	#run: BenchmarkRun | undefined;

	constructor(parts: BenchParts) {
		this.#parts = parts;
	}

	get progress(): BenchmarkProgress {
		return this.#run?.progress ?? IDLE;
	}

	async start(wish: BenchmarkWish): Promise<Started> {
		if (this.#run && !this.#run.isOver) return { kind: "refused", status: 409, message: "a benchmark runs already: cancel it, or wait" };
		if (wish.mode === "default" && this.#plan(wish).length === 0)
			return {
				kind: "refused",
				status: 409,
				message: `no such model (${wish.model_types.join(", ")}) is in memory on a machine that takes work: load one, or choose smart`,
			};
		const runId = `bench-${crypto.randomUUID().slice(0, 8)}-${Math.floor(Date.now() / 1000)}`;
		const run = new BenchmarkRun(runId, wish, this.#ports());
		this.#run = run;
		try {
			// So that a run which the router does not survive is on record
			await saveRun(this.#parts.database, reportOf([], this.#begun(runId, wish)));
		} catch (error) {
			this.#run = undefined;
			return { kind: "refused", status: 503, message: `the database takes no run now: ${String(error)}` };
		}
		this.#parts.background(this.#seeThrough(run));
		return { kind: "started", runId };
	}

	cancel(as: "cancelled" | "interrupted"): boolean {
		return this.#run?.cancel(as) ?? false;
	}

	async #seeThrough(run: BenchmarkRun): Promise<void> {
		log("info", "Benchmark started", { run_id: run.runId, mode: run.wish.mode, duration_s: run.wish.duration });
		const record = await run.run();
		log("info", "Benchmark ended", {
			run_id: run.runId,
			status: record.status,
			requests: record.total_requests,
			failures: record.total_failures,
		});
		await saveRun(this.#parts.database, record).catch((error: unknown) =>
			log("error", "The record of a benchmark could not be kept", { run_id: run.runId, error: String(error) }),
		);
	}

	#begun(runId: string, { mode }: BenchmarkWish) {
		const nodes = snapshotOf(this.#parts.state);
		return { runId, startedAt: Date.now(), durationMs: 0, mode, status: "running", modelsPulled: [], nodes, utilization: [] } as const;
	}

	#ports(): RunPorts {
		const { state, ask } = this.#parts;
		return {
			ask,
			now: Date.now,
			random: Math.random,
			wait: (ms, signal) => scheduler.wait(ms, { signal }).catch(() => undefined),
			plan: (wish) => this.#plan(wish),
			toPull: () => this.#toPull(),
			pull: (wanted, signal, tell) => this.#pull(wanted, signal, tell),
			readings: () => readingsOf(state),
			nodes: () => snapshotOf(state),
		};
	}

	#plan(wish: BenchmarkWish) {
		return planRun(benchmarkNodes(this.#parts.state), wish);
	}

	/** One model for each purpose that none in the fleet is for, where it is recommended. */
	async #toPull(): Promise<ToPull[]> {
		const there = new Set(benchmarkNodes(this.#parts.state).flatMap(({ models }) => models.map(({ category }) => category)));
		const advice = await this.#parts.recommendations();
		const advised = advice.nodes.flatMap(({ node_id: nodeId, recommendations }) => recommendations.map((item) => ({ nodeId, item })));
		return PURPOSES.filter((purpose) => !there.has(purpose)).flatMap((purpose) => {
			const found = advised.find(({ item }) => item.category === purpose && !item.already_available && item.delete_first.length === 0);
			if (!found || found.item.size_gb * GIB > this.#parts.maxPullGb() * 1e9) return [];
			return [{ model: found.item.model, nodeId: found.nodeId, sizeBytes: found.item.size_gb * GIB }];
		});
	}

	async #pull({ model, nodeId }: ToPull, signal: AbortSignal, tell: (pulling: Pulling) => void): Promise<string | undefined> {
		const started = this.#parts.jobs.pull(model, nodeId);
		if (started.kind === "refused") return started.message;
		const { job } = started;
		while (!isOver(job)) {
			if (signal.aborted) this.#parts.jobs.cancel(job.id);
			if (job.pull) tell({ status: job.pull.status, completedBytes: completedBytes(job.pull), totalBytes: totalBytes(job.pull) });
			await scheduler.wait(LOOK_EVERY_MS);
		}
		return job.error;
	}
}

/** It changes while it is waited for. */
function isOver({ endedAt }: { endedAt?: number; state: Job["state"] }): boolean {
	return endedAt !== undefined;
}
