/** The fleet during one pass: what the pass itself has given out is on top of what was reported. Made anew for each pass. */
import { type KnownRates, ratesOf } from "../estimate/rates.ts";
import type { Knowledge } from "./knowledge.ts";
import type { RuleSettings } from "./settings.ts";
import type { Contenders } from "./contenders.ts";
import type { FleetIndex, Job, RuleNode, Waiting } from "./view.ts";

export interface PassInput {
	readonly index: FleetIndex;
	/** In any order. */
	readonly waiting: readonly Waiting[];
	readonly knowledge: Knowledge;
	readonly settings: RuleSettings;
	/** Epoch milliseconds. */
	readonly now: number;
	/** So many are bound at most, so that one pass is no long turn; the caller goes on with another. Absent: all that can. */
	readonly mostBound?: number;
}

/** A node with the work this pass gave it. */
export interface WorkNode {
	/** Without the models that loads under way push out. */
	node: RuleNode;
	jobs: readonly Job[];
	/** Seconds virtually given to it by requests that are left waiting for it. */
	backlogS: number;
	/** Changes with every change, so that figures made before it are known to be stale. */
	stamp: number;
}

export interface Board extends PassInput {
	readonly works: Map<RuleNode, WorkNode>;
	readonly copies: Map<string, number>;
	readonly rates: Map<string, readonly KnownRates[]>;
	/** By what decides eligibility and places: model, class, path, vision. */
	readonly contenders: Map<string, Contenders>;
	/** By model: requests examined and left waiting. */
	readonly left: Map<string, number>;
	bound: number;
}

export function openBoard(input: PassInput): Board {
	return { ...input, works: new Map(), copies: new Map(), rates: new Map(), contenders: new Map(), left: new Map(), bound: 0 };
}

export function workOf({ works }: Board, node: RuleNode): WorkNode {
	let work = works.get(node);
	if (!work) works.set(node, (work = { node: withoutLeaving(node, node.jobs), jobs: node.jobs, backlogS: 0, stamp: 0 }));
	return work;
}

export function giveJob(work: WorkNode, job: Job): void {
	work.jobs = [...work.jobs, job];
	work.node = withoutLeaving(work.node, [job]);
	work.stamp++;
}

export function book(work: WorkNode, seconds: number): void {
	work.backlogS += seconds;
	work.stamp++;
}

/**
 * A model that has to go for a load is no longer in memory for anyone: a request sent to it would push out the load in turn, and the
 * two would take turns with every answer.
 */
function withoutLeaving(node: RuleNode, jobs: readonly Job[]): RuleNode {
	const leaving = jobs.flatMap((job) => (job.firstTokenAt === undefined ? (job.pushesOut ?? []) : []));
	if (!leaving.some((model) => node.resident.has(model))) return node;
	return { ...node, resident: new Map([...node.resident].filter(([model]) => !leaving.includes(model))) };
}

/** Nodes that are there and hold the model in memory. */
export function copiesOf({ copies, index }: Board, model: string): number {
	let count = copies.get(model);
	if (count !== undefined) return count;
	count = 0;
	for (const { status, resident } of index.byModel.get(model) ?? []) if (status !== "offline" && resident.has(model)) count++;
	copies.set(model, count);
	return count;
}

/** Of each node that is there and has the model. */
export function ratesFor({ rates, index, knowledge }: Board, model: string): readonly KnownRates[] {
	let known = rates.get(model);
	if (known) return known;
	const nodes = (index.byModel.get(model) ?? []).filter(({ status }) => status !== "offline");
	known = nodes.map((node) => ratesOf(knowledge.estimates, node, model));
	rates.set(model, known);
	return known;
}
