/** How much of a node's memory models can fill, and how much each would. Pure over the estimates given. */
import { defaultContext } from "../rewrite/default-context.ts";
import { type NodeView, parallelOf, isEmbedder } from "../routing/candidate.ts";
import type { Estimates } from "../routing/estimate/estimates.ts";
import { footprintOf, neededBytes } from "../routing/estimate/footprint.ts";
import { gpuBytes } from "../routing/fit.ts";
import type { InstalledModel } from "../protocol/ollama.ts";
import type { RuleNode } from "../routing/rule/view.ts";

/** Ollama's default, by graphics card; a machine without one counts as one. */
const MODELS_PER_GPU = 3;
/** Every load fits into this much context, whatever an automatic default would like. */
const LEAST_CONTEXT = 4096;

export type Room = Pick<RuleNode, "neededBytes" | "usableBytes" | "maxLoaded">;

export function roomOf(node: Omit<NodeView, keyof Room>, estimates: Estimates): Room {
	const usableBytes = gpuBytes(node);
	const needed = [...node.installed].map(([model, entry]) => {
		const load = loadOf(node, entry, usableBytes);
		return [model, footprintOf(estimates, { nodeId: node.nodeId, model, load })] as const;
	});
	return {
		neededBytes: new Map(needed),
		...(usableBytes !== undefined && { usableBytes }),
		maxLoaded: node.beat.ollama.settings.max_loaded_models || MODELS_PER_GPU * Math.max(1, node.beat.gpus.length),
	};
}

/** A context that nobody set is cut by Ollama to what there is room for. */
function loadOf(node: NodeView, entry: InstalledModel, usableBytes = Infinity) {
	const { size, details } = entry;
	const slots = isEmbedder(entry) ? 1 : parallelOf(node);
	const wanted = defaultContext(node.beat, details?.context_length) ?? LEAST_CONTEXT;
	const load = (contextTokens: number) => ({ fileBytes: size, contextTokens, slots });
	if (node.beat.ollama.settings.context_length) return load(wanted);
	let contextTokens = wanted;
	while (contextTokens > LEAST_CONTEXT && neededBytes(load(contextTokens)) > usableBytes) contextTokens /= 2;
	return load(contextTokens);
}
