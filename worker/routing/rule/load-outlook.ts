/** What it would take to have a model in a node's memory: time, and whom it would push out at which loss. Pure. */
import { candidateOf } from "../candidate.ts";
import { ratesOf } from "../estimate/rates.ts";
import type { WorkNode } from "./board.ts";
import { type KeepContext, keepS } from "./keep.ts";
import type { RuleNode } from "./view.ts";
import { type Occupant, predictEviction } from "./victims.ts";

export interface LoadOutlook {
	/** Loads already under way included, for the node loads one at a time. 0 in memory. */
	readonly loadS: number;
	/** Names of the models the load would push out. */
	readonly victims: readonly string[];
	/** Some of them are at work. */
	readonly isBlocked: boolean;
	/** What they are worth. */
	readonly evictS: number;
}

const NOTHING_TO_LOAD: LoadOutlook = { loadS: 0, victims: [], isBlocked: false, evictS: 0 };
/** `expires_at` of a model kept forever is some centuries off. */
const FOREVER_FROM = "2100";

export function loadOutlook(work: WorkNode, context: KeepContext & { readonly model: string }): LoadOutlook {
	const { node } = work;
	const { model } = context;
	if (node.resident.has(model)) return NOTHING_TO_LOAD;
	const loading = loadingModels(work);
	const underWayS = restOfLoadsS(work, loading, context);
	if (loading.has(model)) return { ...NOTHING_TO_LOAD, loadS: underWayS };
	const { usableBytes, maxLoaded } = node;
	const eviction = predictEviction(occupantsOf(work, loading), { neededBytes: neededFor(node, model), usableBytes, maxLoaded });
	return {
		loadS: underWayS + ratesOf(context.knowledge.estimates, node, model).loadS,
		victims: eviction.victims.map((victim) => victim.model),
		isBlocked: eviction.isBlocked,
		evictS: eviction.victims.reduce((sum, victim) => sum + keepS(node, victim.model, context), 0),
	};
}

/** Models that own requests on the node wait for; Ollama lists them nowhere. */
function loadingModels({ node, jobs }: WorkNode): Set<string> {
	const loading = new Set<string>();
	for (const { model, firstTokenAt } of jobs) {
		if (firstTokenAt === undefined && !node.resident.has(model)) loading.add(model);
	}
	return loading;
}

function restOfLoadsS({ node, jobs }: WorkNode, loading: ReadonlySet<string>, { knowledge, now }: KeepContext): number {
	if (loading.size === 0) return 0;
	let total = 0;
	for (const model of loading) total += ratesOf(knowledge.estimates, node, model).loadS;
	const startedAt = Math.min(...jobs.filter((job) => loading.has(job.model)).map((job) => job.startedAt));
	return Math.max(0, total - (now - startedAt) / 1000);
}

function occupantsOf({ node, jobs }: WorkNode, loading: ReadonlySet<string>): Occupant[] {
	const busy = new Set(jobs.map(({ model }) => model));
	const occupants: Occupant[] = [];
	for (const [model, { size, expires_at: expiresAt }] of node.resident) {
		occupants.push({ model, bytes: size, isBusy: busy.has(model), isPinned: (expiresAt ?? "") > FOREVER_FROM });
	}
	for (const model of loading) occupants.push({ model, bytes: neededFor(node, model), isBusy: true, isPinned: false });
	return occupants;
}

function neededFor(node: RuleNode, model: string): number {
	return node.neededBytes.get(model) ?? candidateOf(node, model).sizeBytes;
}
