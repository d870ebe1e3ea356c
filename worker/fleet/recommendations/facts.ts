/** The nodes as recommending sees them. Pure. */
import { catalogued, type CatalogueModel, CATEGORIES, type Category } from "../../catalogue/lookup.ts";
import type { Demand, InstalledFact, NodeFacts, Speed } from "../../catalogue/recommend/facts.ts";
import type { ModelUsage, NodeModelUsage } from "../../protocol/model-usage.ts";
import { categoryOf } from "../../rewrite/category.ts";
import { discreteGpus, parallelOf } from "../../routing/candidate.ts";
import { pairOf, type Estimates } from "../../routing/estimate/estimates.ts";
import { neededBytes } from "../../routing/estimate/footprint.ts";
import { priorRates } from "../../routing/estimate/priors.ts";
import { usableBytes } from "../../routing/fit.ts";
import { canonicalName } from "../../routing/names.ts";
import type { ModelsByNode } from "../pins/pins.ts";
import type { NodeRecord } from "../state.ts";

const DAY_S = 24 * 3600;
/** A conversation, or some files of code. */
const USUAL_CONTEXT = 8192;
/** Where the catalogue has no count: four to five bits each. */
const BYTES_PER_BILLION = 0.6e9;

export interface Surroundings {
	readonly estimates: Estimates;
	readonly usage: readonly NodeModelUsage[];
	readonly pinned: ModelsByNode;
	/** Epoch milliseconds. */
	readonly now: number;
}

export function factsOf(node: NodeRecord, around: Surroundings): NodeFacts {
	const { disk, memory } = node.beat;
	const word = discreteGpus(node).length > 0 ? "graphics memory" : "memory for models";
	return {
		nodeId: node.nodeId,
		totalBytes: memory.total_bytes,
		usableBytes: usableBytes(node),
		memoryWord: word,
		disk: disk && { totalBytes: disk.total_bytes, availableBytes: disk.available_bytes },
		loaded: [...node.resident.values()].map(({ name }) => name),
		installed: [...node.installed].map(([model, { size }]) => installedFact(node, { model, size }, around)),
		neededBytes: (model) => neededOn(node, model),
		speedOf: (model) => speedOn(node, model, around.estimates),
	};
}

/** Requests of the last day, by what they were for. */
export function demandOf(usage: readonly ModelUsage[]): Demand {
	const models = usage
		.filter(({ day }) => day > 0)
		.map(({ model, day }) => ({ model: canonicalName(model), requests: day, category: purposeOf(model) }))
		.toSorted((a, b) => b.requests - a.requests);
	return { models, totalRequests: models.reduce((sum, { requests }) => sum + requests, 0) };
}

function purposeOf(name: string): Category {
	const guessed = categoryOf({ name, nodeId: "", loaded: false, sizeBytes: 0 });
	return catalogued(canonicalName(name))?.category ?? CATEGORIES.find((one) => one === guessed) ?? "general";
}

function installedFact(
	node: NodeRecord,
	{ model, size }: { model: string; size: number },
	{ usage, pinned, now }: Surroundings,
): InstalledFact {
	const used = usage.find((one) => one.node_id === node.nodeId && canonicalName(one.model) === model);
	const isPinned = pinned.get(node.nodeId)?.has(model) ?? false;
	return {
		model,
		sizeBytes: size,
		daysUnused: used && Math.floor((now / 1000 - used.last_used) / DAY_S),
		isKept: isPinned || node.resident.has(model) || (node.inFlight.get(model) ?? 0) > 0,
	};
}

function neededOn(node: NodeRecord, { name, sizeBytes, contextTokens, kvBytesPerToken, category }: CatalogueModel): number {
	const slots = category === "embedding" ? 1 : parallelOf(node);
	const load = { fileBytes: sizeBytes, contextTokens: Math.min(USUAL_CONTEXT, contextTokens), slots };
	return node.neededBytes.get(canonicalName(name)) ?? neededBytes({ ...load, ...(kvBytesPerToken !== undefined && { kvBytesPerToken }) });
}

function speedOn(node: NodeRecord, model: CatalogueModel, estimates: Estimates): Speed {
	const measured = pairOf(estimates, node.nodeId, canonicalName(model.name))?.decodeTokensPerSecond;
	if (measured && measured.samples > 0) return { tokensPerSecond: measured.value, isMeasured: true };
	return { tokensPerSecond: priorRates(node, bytesPerToken(model)).decodeTokensPerSecond, isMeasured: false };
}

/** What must be read for each token: of a mixture of experts only those that work on it. */
function bytesPerToken({ sizeBytes, paramsB = sizeBytes / BYTES_PER_BILLION, activeB = paramsB }: CatalogueModel): number {
	return sizeBytes * Math.min(1, activeB / paramsB);
}
