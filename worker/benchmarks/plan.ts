/** What a run measures: pairs of a model and a node. Pure. */
import type { BenchmarkWish, ModelType } from "../protocol/benchmarks.ts";

export interface ModelFact {
	/** As the node lists it. */
	readonly name: string;
	readonly type: ModelType;
	readonly category: string;
	readonly sizeBytes: number;
	readonly isLoaded: boolean;
	readonly thinks: boolean;
	/** Ollama could load it there. */
	readonly fits: boolean;
}

/** A node that takes work. */
export interface NodeFact {
	readonly nodeId: string;
	/** Requests of one model at once. */
	readonly parallel: number;
	readonly models: readonly ModelFact[];
}

export interface Pair {
	readonly nodeId: string;
	readonly model: string;
	readonly type: ModelType;
	readonly sizeBytes: number;
	readonly thinks: boolean;
	/** Requests at once. */
	readonly lanes: number;
}

/** What nobody asks of a small model is not worth a load. */
export const PURPOSES = ["general", "coding", "reasoning", "fast-chat"] as const;
const MOST_LANES = 6;
const EMBED_LANES = 2;
const MOST_PAIRS = 64;

export function planRun(nodes: readonly NodeFact[], { mode, model_types: types, nodes: only, models }: BenchmarkWish): Pair[] {
	const pairs = nodes
		.filter(({ nodeId }) => only.length === 0 || only.includes(nodeId))
		.flatMap((node) => chosenOn(node, mode).map((model) => toPair(node, model)))
		.filter(({ type, model }) => types.includes(type) && (models.length === 0 || models.some((name) => isSame(name, model))));
	return pairs.slice(0, MOST_PAIRS);
}

/** In memory; the smart mode loads the smallest of each purpose that nothing there serves. */
function chosenOn({ models }: NodeFact, mode: BenchmarkWish["mode"]): ModelFact[] {
	const loaded = models.filter(({ isLoaded }) => isLoaded);
	if (mode === "default") return loaded;
	const open = PURPOSES.filter((purpose) => !loaded.some(({ category }) => category === purpose));
	const more = open.flatMap((purpose) => smallest(models.filter((one) => one.category === purpose && one.fits && one.type === "llm")));
	return [...loaded, ...more];
}

function smallest(models: readonly ModelFact[]): ModelFact[] {
	return models.toSorted((a, b) => a.sizeBytes - b.sizeBytes).slice(0, 1);
}

function toPair({ nodeId, parallel }: NodeFact, { name, type, sizeBytes, thinks }: ModelFact): Pair {
	const lanes = type === "embed" ? EMBED_LANES : Math.min(MOST_LANES, parallel);
	return { nodeId, model: name, type, sizeBytes, thinks, lanes };
}

function isSame(given: string, name: string): boolean {
	return given === name || `${given}:latest` === name;
}
