/** How a node stands for a model and a class of requests: all of a candidate's cost that does not depend on the prompt. Pure. */
import type { RequestClass } from "../../protocol/inference.ts";
import { type Candidate, candidateOf, crowdCapOf, isEmbedder, slotsOf } from "../candidate.ts";
import { type KnownRates, ratesOf } from "../estimate/rates.ts";
import type { WorkNode } from "./board.ts";
import type { KeepContext } from "./keep.ts";
import { type LoadOutlook, loadOutlook } from "./load-outlook.ts";
import { remainingS } from "./remaining.ts";
import type { RuleSettings } from "./settings.ts";
import type { External, Job } from "./view.ts";

/** What a request adds to the time of another beside it. */
const SHARING_COST = 0.7;
/** Beats come this far apart, so work just seen may be as old. */
const EXTERNAL_LEAST_S = 5;

export interface Standing extends LoadOutlook {
	/** The node's when this was made. */
	readonly stamp: number;
	readonly candidate: Candidate;
	readonly isEmbedding: boolean;
	readonly rates: KnownRates;
	/** Own requests on the node, embeddings not counted. */
	readonly busy: number;
	/** Nothing can start there now. */
	readonly isFull: boolean;
	/** Until it can, requests left waiting in this pass not counted. */
	readonly placeWaitS: number;
	readonly externalWaitS: number;
	/** How much longer everything takes beside what runs there. */
	readonly sharing: number;
}

export interface StandingContext extends KeepContext {
	readonly model: string;
	readonly requestClass: RequestClass;
	readonly extraBusy: RuleSettings["extraBusy"];
}

export function standingOf(work: WorkNode, context: StandingContext): Standing {
	const { node, jobs, stamp } = work;
	const candidate = candidateOf(node, context.model);
	const isEmbedding = isEmbedder(candidate.installed);
	const crowd = jobs.filter((job) => !job.isEmbedding);
	const ofModel = jobs.filter(({ model }) => model === context.model);
	const cap = crowdCapOf(node, context.extraBusy[context.requestClass]);
	const outlook = loadOutlook(work, context);
	const hasNoSlot = ofModel.length >= slotsOf(candidate);
	const hasNoPlace = hasNoSlot || (!isEmbedding && crowd.length >= cap);
	const isFull = hasNoPlace || outlook.isBlocked;
	const atOnce = Math.min(crowd.length, cap);
	const seconds = (among: readonly Job[]) => among.map((job) => remainingOf(job, work, context));
	return {
		...outlook,
		stamp,
		candidate,
		isEmbedding,
		rates: ratesOf(context.knowledge.estimates, node, context.model),
		busy: crowd.length,
		isFull,
		placeWaitS: outlook.isBlocked
			? sum(seconds(jobs))
			: hasNoPlace
				? Math.min(...seconds(hasNoSlot ? ofModel : crowd)) * Math.max(1, atOnce)
				: 0,
		externalWaitS: externalWaitS(node.external, context.now),
		sharing: 1 + SHARING_COST * (isFull ? Math.max(0, atOnce - 1) : crowd.length),
	};
}

/** A delay, never a hold: it may not end, but the longer it lasts the likelier it goes on. */
function externalWaitS(external: External | undefined, now: number): number {
	if (!external || external.jobs <= 0) return 0;
	return external.jobs * Math.max(EXTERNAL_LEAST_S, (now - external.since) / 1000);
}

function remainingOf(job: Job, { node }: WorkNode, { knowledge, now }: StandingContext): number {
	return remainingS(job, ratesOf(knowledge.estimates, node, job.model), now);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
