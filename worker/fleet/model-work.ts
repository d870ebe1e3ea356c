/** The Fleet object's work on what is on the machines' disks: pulls of three kinds, uploads and makes, deletions. */
import { senderOf, settingsOf, type Env } from "../env.ts";
import type { InstalledModel } from "../protocol/ollama.ts";
import { derived } from "../settings/derived.ts";
import { AutoPulls } from "./auto-pull/auto-pulls.ts";
import { Bench } from "./benchmarks/bench.ts";
import { BenchmarkDesk } from "./benchmarks/desk.ts";
import { autoPullSettings } from "./from-settings.ts";
import { JobDesk } from "./jobs/desk.ts";
import { ModelJobs } from "./jobs/model-jobs.ts";
import { ModelDesk } from "./model-desk.ts";
import { noteModels } from "./note-models.ts";
import type { PinKeeper } from "./pins/keeper.ts";
import { type PullRequest, Pulls } from "./pulls.ts";
import type { FleetState, NodeRecord } from "./state.ts";
import { Advice } from "./recommendations/advice.ts";
import { Workshop } from "./workshop.ts";

export interface ModelWorkParts {
	readonly env: Env;
	readonly state: FleetState;
	readonly pins: PinKeeper;
	readonly save: (node: NodeRecord) => void;
	/** Chooses anew for those who wait. */
	readonly pass: () => void;
	/** Keeps the object alive for it. */
	readonly background: (work: Promise<unknown>) => void;
	/** The router's own front door, as its admin. */
	readonly askRouter: (path: string, init: RequestInit) => Promise<Response>;
	/** Writes the traces that are still to be written. */
	readonly flush: () => Promise<void>;
}

export class ModelWork {
	readonly #parts: ModelWorkParts;
	readonly #pulls = new Pulls();
	readonly #workshop = new Workshop();
	readonly #autoPulls: AutoPulls;
	readonly #jobs: ModelJobs;
	readonly #advice: Advice;
	readonly #bench: Bench;

	constructor(parts: ModelWorkParts) {
		this.#parts = parts;
		const { env, state, pass, background } = parts;
		const ports = { send: senderOf(env), now: Date.now, newId: () => crypto.randomUUID(), fleet: this.#ports(), pass, background };
		this.#autoPulls = new AutoPulls(
			state,
			derived(() => settingsOf(env), autoPullSettings),
			ports,
		);
		this.#jobs = new ModelJobs(state, ports);
		this.#advice = new Advice({ state, database: env.DB, pinned: () => parts.pins.all, now: Date.now });
		this.#bench = new Bench({
			state,
			database: env.DB,
			jobs: this.#jobs,
			recommendations: () => this.#advice.give({ anew: false }),
			maxPullGb: () => settingsOf(env).FLEET_AUTO_PULL_MAX_GB,
			ask: parts.askRouter,
			background,
		});
	}

	desk(): ModelDesk {
		const { state } = this.#parts;
		const workers = { pulls: this.#pulls, autoPulls: this.#autoPulls, workshop: this.#workshop };
		return new ModelDesk({ state, ...workers, noteModels: (nodeId, models) => this.#noteModels(nodeId, models) });
	}

	jobs(): JobDesk {
		const { state, env, pins, flush } = this.#parts;
		return new JobDesk({ state, database: env.DB, jobs: this.#jobs, autoPulls: this.#autoPulls, advice: this.#advice, pins, flush });
	}

	benchmarks(): BenchmarkDesk {
		return new BenchmarkDesk(this.#bench);
	}

	/** To be called every second. */
	sweep(now: number): void {
		this.#autoPulls.sweep();
		this.#jobs.sweep();
		this.#pulls.sweep(this.#parts.state, now);
	}

	/** What pulls that the router makes itself ask and tell. */
	#ports() {
		const { state } = this.#parts;
		return {
			placePull: (request: PullRequest) => this.#pulls.place(state, request, Date.now()),
			pullEnded: (requestId: string) => this.#pulls.end(state, requestId),
			noteModels: (nodeId: string, models: readonly InstalledModel[]) => this.#noteModels(nodeId, models),
		};
	}

	#noteModels(nodeId: string, models: readonly InstalledModel[]): void {
		const { state, save, pass } = this.#parts;
		const node = state.nodes.get(nodeId);
		if (!node || !noteModels(node, models)) return;
		save(node);
		pass();
	}
}
