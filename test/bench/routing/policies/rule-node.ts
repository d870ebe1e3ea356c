/** A node with what a router keeps of it beside what beats tell. */
import { changed, idleSince, type Occupancy } from "../../../../worker/routing/estimate/occupancy.ts";
import type { External, Job, RuleNode } from "../../../../worker/routing/rule/view.ts";
import type { FleetNode } from "../catalogue/fleets.ts";
import { neededBytesOf } from "../catalogue/models.ts";
import { changeInFlight, newView, type SimView } from "./node-view.ts";

const MAX_LOADED = 3;

export interface SimRuleNode extends SimView, Pick<RuleNode, "neededBytes" | "usableBytes" | "maxLoaded"> {
	jobs: readonly Job[];
	external?: External;
	occupancy: Occupancy;
}

export function newRuleNode(node: FleetNode, parallel: number): SimRuleNode {
	return {
		...newView(node, parallel),
		jobs: [],
		occupancy: idleSince(0),
		usableBytes: node.machine.usableBytes,
		neededBytes: new Map(node.models.map((model) => [model.name, neededBytesOf(model, model.isEmbedding ? 1 : parallel)])),
		maxLoaded: MAX_LOADED,
	};
}

export function take(node: SimRuleNode, job: Job, nowMs: number): void {
	node.jobs = [...node.jobs, job];
	changeInFlight(node, job.model, 1);
	node.occupancy = changed(node.occupancy, 1, nowMs);
}

/** The first token is there. */
export function streams(node: SimRuleNode, requestId: string, nowMs: number): void {
	node.jobs = node.jobs.map((job) => (job.requestId === requestId ? { ...job, firstTokenAt: nowMs } : job));
}

export function drop(node: SimRuleNode, requestId: string, nowMs: number): void {
	const job = node.jobs.find((running) => running.requestId === requestId);
	if (!job) return;
	node.jobs = node.jobs.filter((running) => running !== job);
	changeInFlight(node, job.model, -1);
	node.occupancy = changed(node.occupancy, -1, nowMs);
}

export function seeExternal(node: SimRuleNode, jobs: number, nowMs: number): void {
	if (jobs === 0) delete node.external;
	else node.external = { jobs, since: node.external?.since ?? nowMs };
}
