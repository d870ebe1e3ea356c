/** One benchmark run from its start to its record: pulls where it is smart, warms up, measures all nodes side by side, sums up. */
import type { BenchmarkProgress, BenchmarkRecord, BenchmarkWish } from "../protocol/benchmarks.ts";
import { askOnce, type AskPorts } from "./ask.ts";
import { measureNode } from "./lanes.ts";
import { perSecond, rounded } from "./percentile.ts";
import type { Pair } from "./plan.ts";
import { type Measured, reportOf, type RunFacts } from "./report.ts";
import type { Sample } from "./sample.ts";
import { type Reading, utilizationOf } from "./utilization.ts";
import { freshPrompt } from "./words.ts";

/** What runs at the end gets so long. */
const DRAIN_MS = 30_000;
const READ_EVERY_MS = 3_000;
const MOST_REQUESTS = 10_000;
const GIB = 1024 ** 3;

/** A model to be pulled before, for a purpose that nothing in the fleet serves. */
export interface ToPull {
	readonly model: string;
	readonly nodeId: string;
	readonly sizeBytes: number;
}

export interface Pulling {
	readonly status: string;
	readonly completedBytes: number;
	readonly totalBytes: number;
}

export interface RunPorts extends Omit<AskPorts, "signal"> {
	/** Resolves early when the signal is aborted. */
	readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
	readonly random: () => number;
	/** As the fleet is now. */
	readonly plan: (wish: BenchmarkWish) => readonly Pair[];
	readonly toPull: (wish: BenchmarkWish) => Promise<readonly ToPull[]>;
	/** What went wrong; undefined when the model is there. */
	readonly pull: (wanted: ToPull, signal: AbortSignal, tell: (pulling: Pulling) => void) => Promise<string | undefined>;
	readonly readings: () => readonly Reading[];
	readonly nodes: () => RunFacts["nodes"];
}

export class BenchmarkRun {
	readonly runId: string;
	readonly wish: BenchmarkWish;
	readonly #ports: RunPorts;
	readonly #abort = new AbortController();
	readonly #startedAt: number;
	readonly #readings: Reading[] = [];
	readonly #pulled: string[] = [];
	#status: BenchmarkProgress["status"] = "warming_up";
	#phase = "begins";
	#pulling: BenchmarkProgress["pull_progress"] = null;
	#models: readonly string[] = [];
	#measuringSince: number | undefined;
	#measuringEnded: number | undefined;
	#completed = 0;
	#failed = 0;
	#tokens = 0;
	#error: string | undefined;
	#endedAs: "cancelled" | "interrupted" = "cancelled";

	constructor(runId: string, wish: BenchmarkWish, ports: RunPorts) {
		this.runId = runId;
		this.wish = wish;
		this.#ports = ports;
		this.#startedAt = ports.now();
	}

	get isOver(): boolean {
		return this.#status === "complete" || this.#status === "error" || this.#status === "cancelled";
	}

	get progress(): BenchmarkProgress {
		const elapsedMs = this.#elapsedMs();
		return {
			status: this.#status,
			phase: this.#phase,
			elapsed: rounded(elapsedMs / 1000),
			duration: this.wish.duration,
			requests_completed: this.#completed,
			requests_failed: this.#failed,
			tok_per_sec: perSecond(this.#tokens, elapsedMs) ?? 0,
			models: [...this.#models],
			models_pulled: [...this.#pulled],
			pull_progress: this.#pulling,
			error: this.#error ?? null,
			run_id: this.runId,
		};
	}

	/** False when it is over already. `interrupted`: not because somebody wished it, but for the router's own end. */
	cancel(as: "cancelled" | "interrupted" = "cancelled"): boolean {
		if (this.isOver) return false;
		this.#endedAs = as;
		this.#abort.abort();
		return true;
	}

	/** Never rejects; the record of a run that was cancelled or failed says so. */
	async run(): Promise<BenchmarkRecord> {
		let measured: readonly Measured[] = [];
		try {
			if (this.wish.mode === "smart") await this.#pullMissing();
			const pairs = await this.#warmUp();
			if (!this.#isCancelled && pairs.length === 0) this.#error ??= "no model could be warmed up";
			if (!this.#isCancelled && pairs.length > 0) measured = await this.#measure(pairs);
		} catch (error) {
			this.#error = String(error);
		}
		const status = this.#isCancelled ? "cancelled" : this.#error !== undefined ? "error" : "complete";
		this.#status = status;
		this.#phase = status;
		return reportOf(measured, {
			runId: this.runId,
			startedAt: this.#startedAt,
			durationMs: this.#elapsedMs(),
			mode: this.wish.mode,
			status: status === "cancelled" ? this.#endedAs : status,
			error: this.#error,
			modelsPulled: this.#pulled,
			nodes: this.#ports.nodes(),
			utilization: utilizationOf(this.#readings),
		});
	}

	get #isCancelled(): boolean {
		return this.#abort.signal.aborted;
	}

	#elapsedMs(): number {
		if (this.#measuringSince === undefined) return 0;
		return (this.#measuringEnded ?? this.#ports.now()) - this.#measuringSince;
	}

	async #pullMissing(): Promise<void> {
		this.#status = "pulling";
		this.#phase = "looks what is missing";
		const wanted = await this.#ports.toPull(this.wish);
		for (const [index, one] of wanted.entries()) {
			if (this.#isCancelled) return;
			this.#phase = `pulls ${one.model} to ${one.nodeId}`;
			const tell = (pulling: Pulling) => (this.#pulling = progressOf(one, pulling, { current: index + 1, total: wanted.length }));
			tell({ status: "waits", completedBytes: 0, totalBytes: one.sizeBytes });
			if ((await this.#ports.pull(one, this.#abort.signal, tell)) === undefined) this.#pulled.push(one.model);
		}
		this.#pulling = null;
	}

	/** One request each, so that no load is measured; what fails is left out, and said. */
	async #warmUp(): Promise<Pair[]> {
		this.#status = "warming_up";
		const pairs = this.#ports.plan(this.wish);
		this.#models = [...new Set(pairs.map(({ model }) => model))];
		this.#phase = `warms up ${this.#models.join(", ")}`;
		const byNode = [...Map.groupBy(pairs, ({ nodeId }) => nodeId).values()];
		const warm = await Promise.all(byNode.map((ofNode) => this.#warmUpNode(ofNode)));
		return warm.flat();
	}

	/** One after another: two loads at once are slower than one after the other. */
	async #warmUpNode(pairs: readonly Pair[]): Promise<Pair[]> {
		const { ask, now, random } = this.#ports;
		const warm: Pair[] = [];
		for (const pair of pairs) {
			if (this.#isCancelled) break;
			const sample = await askOnce({ pair, prompt: freshPrompt(random), isWarmUp: true }, { ask, now, signal: this.#abort.signal });
			if (sample.error === undefined) warm.push(pair);
			else if (!this.#isCancelled) this.#error ??= `${pair.model} on ${pair.nodeId}: ${sample.error}`;
		}
		return warm;
	}

	async #measure(pairs: readonly Pair[]): Promise<Measured[]> {
		this.#status = "running";
		this.#phase = `measures ${pairs.length} pairs of model and machine`;
		this.#error = undefined;
		const durationMs = this.wish.duration * 1000;
		this.#measuringSince = this.#ports.now();
		const { signal, stop } = this.#untilDrained(durationMs);
		const reading = this.#readUntil(signal);
		const { ask, now, random, wait } = this.#ports;
		const ports = { ask, now, random, signal, wait: (ms: number) => wait(ms, signal), note: (sample: Sample) => this.#note(sample) };
		const byNode = [...Map.groupBy(pairs, ({ nodeId }) => nodeId).values()];
		const measured = await Promise.all(byNode.map((ofNode) => measureNode(ofNode, durationMs, ports)));
		this.#measuringEnded = now();
		stop();
		await reading;
		return measured.flat();
	}

	/** Aborted by `cancel`, by `stop`, and when what still runs at the end takes too long. */
	#untilDrained(durationMs: number): { signal: AbortSignal; stop: () => void } {
		const end = new AbortController();
		const stop = () => end.abort();
		void this.#ports.wait(durationMs + DRAIN_MS, end.signal).then(stop);
		return { signal: AbortSignal.any([this.#abort.signal, end.signal]), stop };
	}

	async #readUntil(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#readings.push(...this.#ports.readings());
			await this.#ports.wait(READ_EVERY_MS, signal);
		}
	}

	/** True: enough. */
	#note({ error, completionTokens }: Sample): boolean {
		if (error === undefined) this.#completed++;
		else this.#failed++;
		this.#tokens += completionTokens;
		return this.#completed + this.#failed >= MOST_REQUESTS;
	}
}

function progressOf(
	{ model, nodeId, sizeBytes }: ToPull,
	{ status, completedBytes, totalBytes }: Pulling,
	count: { current: number; total: number },
): NonNullable<BenchmarkProgress["pull_progress"]> {
	return {
		model,
		node_id: nodeId,
		...count,
		ram_gb: rounded(sizeBytes / GIB),
		on_disk: false,
		pct: totalBytes > 0 ? rounded((100 * completedBytes) / totalBytes) : 0,
		status,
		completed_gb: rounded(completedBytes / GIB),
		total_gb: rounded(totalBytes / GIB),
	};
}
