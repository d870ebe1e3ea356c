/** Why a model is recommended, in words. Pure. */
import type { Category } from "../lookup.ts";
import type { Choice } from "./choose.ts";
import type { Demand, NodeFacts } from "./facts.ts";

const GIB = 1024 ** 3;
const MOST_BENCHMARKS = 2;

export interface Why {
	readonly category: Category;
	/** It is asked for, and there. */
	readonly requests: number;
}

/** `Coding is 42 % of the last day's requests. SWE-bench Verified 77.2. About 31 tokens a second here, 18.3 of 24 GB.` */
export function reasonFor(
	{ model, neededBytes, speed, going }: Choice,
	{ category, requests }: Why,
	demand: Demand,
	node: NodeFacts,
): string {
	const scores = model.benchmarks.slice(0, MOST_BENCHMARKS).map(({ name, score }) => `${name} ${score}`);
	const sentences = [
		requests > 0 ? `Asked for ${requests === 1 ? "once" : `${requests} times`} within a day` : demandFor(category, demand),
		scores.join(", "),
		model.activeB === undefined ? "" : `Only ${model.activeB} billion of its parameters work on each token`,
		`${speed.isMeasured ? "Measured" : "About"} ${rounded(speed.tokensPerSecond)} tokens a second here`,
		`Takes ${gb(neededBytes)} of ${gb(node.usableBytes)} GB ${node.memoryWord}`,
		going.length > 0 ? `Needs the disk of ${going.map((one) => one.model).join(", ")}` : "",
	];
	return `${sentences.filter((one) => one !== "").join(". ")}.`;
}

function demandFor(category: Category, { totalRequests, models }: Demand): string {
	const requests = requestsFor(category, models);
	if (requests === 0) return `Covers ${category}`;
	return `${category[0]?.toUpperCase()}${category.slice(1)} is ${Math.round((100 * requests) / totalRequests)} % of the last day's requests`;
}

export function requestsFor(category: Category, models: Demand["models"]): number {
	return models.filter((one) => one.category === category).reduce((sum, { requests }) => sum + requests, 0);
}

function rounded(value: number): string {
	return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function gb(bytes: number): string {
	return (bytes / GIB).toFixed(1);
}
