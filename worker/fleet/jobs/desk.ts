/** What may be asked about models on disks, and done to them as jobs, from outside the Fleet object. */
import { RpcTarget } from "cloudflare:workers";
import type { Briefing } from "../../protocol/briefing.ts";
import type { Job, ModelManagement } from "../../protocol/jobs.ts";
import type { Recommendations } from "../../protocol/recommendations.ts";
import { canonicalName } from "../../routing/names.ts";
import { usageByNode } from "../../traces/usage.ts";
import type { AutoPulls } from "../auto-pull/auto-pulls.ts";
import { briefingOf } from "../briefing.ts";
import type { PinKeeper } from "../pins/keeper.ts";
import type { Advice } from "../recommendations/advice.ts";
import { toSnapshot } from "../snapshot.ts";
import type { FleetState } from "../state.ts";
import type { Refusal } from "./against-deleting.ts";
import { jobReport, type ModelJob, pullReport } from "./job.ts";
import type { ModelJobs, Started } from "./model-jobs.ts";
import { stockOf } from "./stock.ts";

const LOOK_EVERY_MS = 50;
const OF_ROUTER = "router:";

export interface JobDeskParts {
	readonly state: FleetState;
	readonly database: D1Database;
	readonly jobs: ModelJobs;
	readonly autoPulls: AutoPulls;
	readonly advice: Advice;
	readonly pins: PinKeeper;
	/** Writes the traces that are still to be written. */
	readonly flush: () => Promise<void>;
}

export type Begun = { readonly kind: "begun"; readonly job: Job } | ({ readonly kind: "refused" } & Refusal);

export class JobDesk extends RpcTarget {
	readonly #parts: JobDeskParts;

	constructor(parts: JobDeskParts) {
		super();
		this.#parts = parts;
	}

	/** Newest first, those of clients and of the router itself too. */
	list(): Job[] {
		const { jobs, pulls, clientPulls } = this.#parts.state;
		const all = [
			...[...jobs.values()].map(jobReport),
			...[...pulls.values()].map((job) => pullReport(OF_ROUTER + job.model, job, "router")),
			...[...clientPulls].map(([id, job]) => pullReport(id, job, "client")),
		];
		return all.toSorted((a, b) => b.started_at - a.started_at);
	}

	/** `nodeId` "" leaves the choice to the router; `wait` answers when the pull has ended. */
	async pull({ model, nodeId, wait }: { model: string; nodeId: string; wait: boolean }): Promise<Begun> {
		const started = this.#parts.jobs.pull(model, nodeId);
		if (wait && started.kind === "started") await ended(started.job);
		return begun(started);
	}

	/** Answers when it is done. */
	async remove({ model, nodeId, force }: { model: string; nodeId: string; force: boolean }): Promise<Begun> {
		const isPinned = this.#parts.pins.all.get(nodeId)?.has(canonicalName(model)) ?? false;
		return begun(await this.#parts.jobs.remove(model, nodeId, { isPinned, force }));
	}

	/** False when there is nothing of that id that could be ended. */
	cancel(id: string): boolean {
		const { jobs, autoPulls } = this.#parts;
		return id.startsWith(OF_ROUTER) ? autoPulls.cancel(id.slice(OF_ROUTER.length)) : jobs.cancel(id);
	}

	/** `anew`: what is asked for is counted again. */
	recommendations(anew: boolean): Promise<Recommendations> {
		return this.#parts.advice.give({ anew });
	}

	/** `anew` as above. */
	async briefing(anew: boolean): Promise<Briefing> {
		const demand = await this.#parts.advice.demand({ anew });
		return briefingOf(toSnapshot(this.#parts.state, Date.now()), demand, Date.now());
	}

	async stock(): Promise<ModelManagement> {
		const { state, database, pins, flush } = this.#parts;
		await flush();
		return stockOf(state, { usage: await usageByNode(database), pinned: pins.all, now: Date.now() });
	}
}

async function ended(job: ModelJob): Promise<void> {
	while (job.endedAt === undefined) await scheduler.wait(LOOK_EVERY_MS);
}

function begun(started: Started): Begun {
	return started.kind === "started" ? { kind: "begun", job: jobReport(started.job) } : started;
}
