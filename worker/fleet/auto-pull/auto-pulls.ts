/**
 * Pulls that the router starts by itself, for a model that is asked for and installed nowhere: one per model, shared by all who
 * wait, and nobody's in particular: it goes on when they leave. A restart of the router ends it; the next request resumes it.
 */
import { log } from "../../log.ts";
import type { InstalledModel } from "../../protocol/ollama.ts";
import { nodeReasons } from "../../routing/eligibility.ts";
import { canonicalName } from "../../routing/names.ts";
import { needsModels } from "../beat.ts";
import { choosePullNode } from "../choose-pull-node.ts";
import type { FleetState } from "../state.ts";
import { isStalled, newJob, type PullJob } from "./job.ts";
import { mayBePulled } from "./may-be-pulled.ts";
import { noRoomWords } from "./no-room-words.ts";
import { Registry } from "./registry.ts";
import { type JobEnd, JobRun, type PullsOfFleet, type RunPorts } from "./run-job.ts";
import { waitAnew } from "./while-pulled.ts";

/** A home line has room for no more, and each takes its share of a disk. */
const MAX_RUNNING = 2;
const MAX_JOBS = 16;
/** Whoever asks again at once hears of it, and starts nothing. */
const FAILURE_KEPT_MS = 60_000;

/** `pulling`: whoever asks for a place now waits for it. `why` is said to a person; absent where pulling is no question. */
export type PullAnswer = { readonly kind: "pulling" } | { readonly kind: "not-pulled"; readonly why?: string };

export interface AutoPullSettings {
	readonly enabled: boolean;
	readonly maxGb: number;
	readonly registryUrl: string;
}

/** The Fleet object, as pulls see it. */
export interface AutoPullPorts extends RunPorts {
	readonly fleet: PullsOfFleet & { noteModels(nodeId: string, models: readonly InstalledModel[]): void };
	/** Looks at who waits. */
	readonly pass: () => void;
	/** Keeps the object alive for it. */
	readonly background: (work: Promise<void>) => void;
}

export class AutoPulls {
	readonly #state: FleetState;
	readonly #settings: () => AutoPullSettings;
	readonly #ports: AutoPullPorts;
	readonly #registry: Registry;
	/** By model. */
	readonly #running = new Map<string, JobRun>();

	constructor(state: FleetState, settings: () => AutoPullSettings, ports: AutoPullPorts) {
		this.#state = state;
		this.#settings = settings;
		this.#ports = ports;
		this.#registry = new Registry({ url: settings().registryUrl, send: ports.send, now: ports.now });
	}

	/** Starts a pull of a model that nobody has, if it may be pulled and one has room; joins the one that runs. */
	async want(asked: string): Promise<PullAnswer> {
		const { nodes, pulls } = this.#state;
		const model = canonicalName(asked);
		if (!this.#settings().enabled || nodes.size === 0) return { kind: "not-pulled" };
		if (pulls.has(model)) return { kind: "pulling" };
		const untold = [...nodes.values()].find((node) => needsModels(node) && nodeReasons(node).length === 0);
		if (untold) return { kind: "not-pulled", why: `${untold.nodeId} has just come and not said yet what it has` };
		const verdict = await mayBePulled(asked, { registry: this.#registry, maxGb: this.#settings().maxGb });
		// Somebody else may have asked meanwhile
		if (pulls.has(model)) return { kind: "pulling" };
		if (verdict.kind === "denied") return { kind: "not-pulled", why: verdict.why };
		const { pullAs, sizeBytes } = verdict;
		const choice = choosePullNode([...nodes.values()], { model, excluded: [], sizeBytes });
		if (choice.kind === "none") return { kind: "not-pulled", why: noRoomWords(choice.reasons, nodes, sizeBytes) };
		if (pulls.size >= MAX_JOBS) return { kind: "not-pulled", why: `${pulls.size} other pulls run, wait or failed just now` };
		pulls.set(model, newJob({ model, pullAs, sizeBytes }, this.#ports.now()));
		this.#startNext();
		return { kind: "pulling" };
	}

	/** False when no pull of that model runs or waits for its turn. */
	cancel(asked: string): boolean {
		const job = this.#state.pulls.get(canonicalName(asked));
		if (!job || job.failure) return false;
		const run = this.#running.get(job.model);
		if (run) run.end("cancelled");
		else this.#ended(job, { kind: "failed", message: "its pull was cancelled" });
		return true;
	}

	/** To be called every second or so: ends tries that lead nowhere, and forgets failures. */
	sweep(): void {
		const now = this.#ports.now();
		const { pulls, nodes } = this.#state;
		for (const job of pulls.values()) {
			const run = this.#running.get(job.model);
			const status = job.nodeId === undefined ? undefined : (nodes.get(job.nodeId)?.status ?? "offline");
			if (job.failure && now - job.failure.at > FAILURE_KEPT_MS) pulls.delete(job.model);
			else if (status === "offline") run?.end("lost");
			else if (isStalled(job, now)) run?.end("stalled");
		}
	}

	#startNext(): void {
		for (const job of this.#state.pulls.values()) {
			if (this.#running.size >= MAX_RUNNING) return;
			if (!job.failure && !this.#running.has(job.model)) this.#start(job);
		}
	}

	#start(job: PullJob): void {
		const run = new JobRun(job, this.#ports);
		this.#running.set(job.model, run);
		this.#ports.background(this.#seeThrough(job, run));
	}

	async #seeThrough(job: PullJob, run: JobRun): Promise<void> {
		log("info", "Pull started", { model: job.model, size_bytes: job.sizeBytes });
		const end = await run.run();
		this.#running.delete(job.model);
		this.#ended(job, end);
		this.#startNext();
	}

	#ended(job: PullJob, end: JobEnd): void {
		const now = this.#ports.now();
		if (end.kind === "installed") {
			this.#ports.fleet.noteModels(end.nodeId, end.models);
			this.#state.pulls.delete(job.model);
			waitAnew(this.#state, job.model, now);
		} else job.failure = { message: end.message, at: now };
		const outcome = end.kind === "installed" ? { node_id: end.nodeId } : { error: end.message };
		log(end.kind === "installed" ? "info" : "warn", "Pull ended", { model: job.model, ...outcome });
		this.#ports.pass();
	}
}
