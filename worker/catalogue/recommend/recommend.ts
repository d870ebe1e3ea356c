/**
 * Which models each node should have: those that are asked for and there stay, then the best for every purpose that nobody serves
 * yet, all of a node's together in its memory, so that none pushes out another. Pure (reference/ollama-herd.md 8.3).
 */
import type { RecommendedModel, Recommendations } from "../../protocol/recommendations.ts";
import { catalogued, CATEGORIES, type Category } from "../lookup.ts";
import catalogue from "../models.json" with { type: "json" };
import { bestFor, type Choice, possibleOn, qualityOf, serves } from "./choose.ts";
import type { Demand, NodeFacts } from "./facts.ts";
import { Shelf } from "./shelf.ts";
import { reasonFor, requestsFor } from "./words.ts";

const GIB = 1024 ** 3;
const TOP_MODELS = 10;
/** For each purpose; a node that has nothing yet gets its best all the same. */
const ENOUGH_NODES = 2;

interface Plan {
	readonly shelf: Shelf;
	readonly items: { readonly choice: Choice; readonly category: Category; readonly item: RecommendedModel }[];
}

/** `now` is epoch milliseconds. */
export function recommend(nodes: readonly NodeFacts[], demand: Demand, now: number): Recommendations {
	const plans: Plan[] = nodes.toSorted((a, b) => b.usableBytes - a.usableBytes).map((node) => ({ shelf: new Shelf(node), items: [] }));
	for (const plan of plans) keepWanted(plan, demand);
	for (const category of inOrder(demand)) for (const plan of plans) cover(plan, category, { plans, demand });
	const coverage = Object.fromEntries(CATEGORIES.map((category) => [category, nodesServing(plans, category)]));
	return {
		nodes: plans.map(toNode),
		usage: {
			total_requests_24h: demand.totalRequests,
			category_breakdown: Object.fromEntries(
				CATEGORIES.map((one) => [one, requestsFor(one, demand.models)]).filter(([, count]) => count !== 0),
			),
			top_models: demand.models.slice(0, TOP_MODELS).map((one) => ({ ...one })),
			category_coverage: coverage,
		},
		fleet_summary: summary(plans),
		uncovered_categories: CATEGORIES.filter((category) => coverage[category]?.length === 0),
		generated_at: now / 1000,
		catalogue_snapshot: catalogue.snapshot,
	};
}

/** By demand, then as listed. */
function inOrder({ models }: Demand): Category[] {
	return CATEGORIES.toSorted((a, b) => requestsFor(b, models) - requestsFor(a, models));
}

function keepWanted(plan: Plan, demand: Demand): void {
	for (const { model, requests, category } of demand.models) {
		const known = catalogued(model);
		if (!known || !plan.shelf.has(model) || plan.items.some(({ choice }) => choice.canonical === model)) continue;
		const choice = possibleOn(plan.shelf, known, { category, mayFill: true, name: known.name });
		if (choice) add(plan, choice, { category, priority: "high", requests }, demand);
	}
}

function cover(plan: Plan, category: Category, { plans, demand }: { plans: readonly Plan[]; demand: Demand }): void {
	const isEnough = plan.items.length > 0 && nodesServing(plans, category).length >= ENOUGH_NODES;
	if (isEnough || plan.items.some((one) => serves(one.choice.model, category))) return;
	const copies = copiesIn(plans);
	const wish = { category, copies, mayFill: plan.items.length === 0 && plan.shelf.node.usableBytes < 16 * GIB };
	const choice = bestFor(plan.shelf, wish);
	if (!choice) return;
	const isWanted = category === inOrder(demand)[0] || requestsFor(category, demand.models) > 0;
	add(plan, choice, { category, priority: isWanted ? "high" : category === "fast-chat" ? "low" : "medium", requests: 0 }, demand);
}

interface Adding {
	readonly category: Category;
	readonly priority: RecommendedModel["priority"];
	readonly requests: number;
}

function add({ shelf, items }: Plan, choice: Choice, { category, priority, requests }: Adding, demand: Demand): void {
	const { model, name, canonical, neededBytes, speed, going } = choice;
	const isThere = shelf.has(canonical);
	const item: RecommendedModel = {
		model: name,
		display_name: name.replace(/:latest$/, ""),
		category,
		ram_gb: gib(neededBytes),
		quality_score: Math.round((qualityOf(model) ?? 0) * 10) / 10,
		reason: reasonFor(choice, { category, requests }, demand, shelf.node),
		priority,
		already_available: isThere,
		size_gb: gib(model.sizeBytes),
		quantization: model.quantization ?? "",
		context_tokens: model.contextTokens,
		tokens_per_second: Math.round(speed.tokensPerSecond * 10) / 10,
		speed_is_measured: speed.isMeasured,
		benchmarks: [...model.benchmarks],
		delete_first: going.map((one) => ({ model: one.model, size_gb: gib(one.sizeBytes), days_unused: one.daysUnused ?? null })),
	};
	shelf.take(canonical, { needed: neededBytes, pulls: isThere ? 0 : model.sizeBytes, going });
	items.push({ choice, category, item });
}

function nodesServing(plans: readonly Plan[], category: Category): string[] {
	return plans
		.filter(({ items }) => items.some((one) => one.category === category || serves(one.choice.model, category)))
		.map(({ shelf }) => shelf.node.nodeId);
}

function copiesIn(plans: readonly Plan[]): Map<string, number> {
	const copies = new Map<string, number>();
	for (const { canonical } of plans.flatMap(({ items }) => items.map(({ choice }) => choice)))
		copies.set(canonical, (copies.get(canonical) ?? 0) + 1);
	return copies;
}

function toNode({ shelf, items }: Plan): Recommendations["nodes"][number] {
	const { nodeId, totalBytes, usableBytes, loaded, disk } = shelf.node;
	return {
		node_id: nodeId,
		total_ram_gb: gib(totalBytes),
		usable_ram_gb: gib(usableBytes),
		current_models: [...loaded],
		recommendations: items.map(({ item }) => item),
		disk_total_gb: disk ? gib(disk.totalBytes) : null,
		disk_available_gb: disk ? gib(disk.availableBytes) : null,
		total_recommended_ram_gb: gib(usableBytes - shelf.memoryLeft),
		ram_headroom_gb: gib(shelf.memoryLeft),
	};
}

function summary(plans: readonly Plan[]): string {
	if (plans.length === 0) return "No machine is online, so nothing can be recommended";
	const all = plans.flatMap(({ items }) => items);
	const pulls = all.filter(({ item }) => !item.already_available);
	const size = pulls.reduce((sum, { choice }) => sum + choice.model.sizeBytes, 0);
	const machines = plans.length === 1 ? "1 machine" : `${plans.length} machines`;
	if (pulls.length === 0) return `${machines}: the ${all.length} models that fit best are there already`;
	return `${machines}: ${all.length - pulls.length} of ${all.length} recommended models are there, ${pulls.length} to pull (${gib(size)} GB)`;
}

function gib(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}
