/** What a router keeps of one node beside its view. */
import { changed, idleSince, type Occupancy } from "../../../../worker/routing/estimate/occupancy.ts";
import type { External, Job, RuleNode } from "../../../../worker/routing/rule/view.ts";
import type { FleetNode } from "../catalogue/fleets.ts";
import { neededBytesOf } from "../catalogue/models.ts";
import { changeInFlight, newView, type SimView } from "./node-view.ts";

const MAX_LOADED = 3;

export class SimRuleNode implements RuleNode {
	readonly view: SimView;
	jobs: Job[] = [];
	external?: External;
	occupancy: Occupancy = idleSince(0);
	readonly neededBytes: ReadonlyMap<string, number>;
	readonly usableBytes: number;
	readonly maxLoaded = MAX_LOADED;

	constructor(node: FleetNode, parallel: number) {
		this.view = newView(node, parallel);
		this.usableBytes = node.machine.usableBytes;
		this.neededBytes = new Map(node.models.map((model) => [model.name, neededBytesOf(model, model.isEmbedding ? 1 : parallel)]));
	}

	take(job: Job, nowMs: number): void {
		this.jobs.push(job);
		changeInFlight(this.view, job.model, 1);
		this.occupancy = changed(this.occupancy, 1, nowMs);
	}

	/** The first token is there. */
	streams(requestId: string, nowMs: number): void {
		this.jobs = this.jobs.map((job) => (job.requestId === requestId ? { ...job, firstTokenAt: nowMs } : job));
	}

	drop(requestId: string, nowMs: number): void {
		const job = this.jobs.find((running) => running.requestId === requestId);
		if (!job) return;
		this.jobs = this.jobs.filter((running) => running !== job);
		changeInFlight(this.view, job.model, -1);
		this.occupancy = changed(this.occupancy, -1, nowMs);
	}

	seeExternal(jobs: number, nowMs: number): void {
		if (jobs === 0) delete this.external;
		else this.external = { jobs, since: this.external?.since ?? nowMs };
	}
}
