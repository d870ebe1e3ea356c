/** A model that does not fit into the graphics cards runs in part on the processor: many times slower. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import type { NodeFacts, ResidentFacts } from "../facts.ts";
import { gb, nodesThere, percent } from "../readings.ts";

/** Small rests are buffers. */
const LEAST_RATIO = 0.05;

export const modelSplit: Check = {
	id: "model_split_to_cpu",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts)
			.filter(hasCards)
			.flatMap((node) => node.resident.flatMap((model) => splitOf(node, model))),
};

function hasCards({ beat }: NodeFacts): boolean {
	return beat.gpus.some(({ unified, memory_total_bytes: total }) => !unified && (total ?? 0) > 0);
}

function splitOf({ nodeId }: NodeFacts, { name, sizeBytes, vramBytes, contextTokens }: ResidentFacts) {
	const outside = vramBytes === undefined ? 0 : sizeBytes - vramBytes;
	if (outside < LEAST_RATIO * sizeBytes) return [];
	return [
		{
			severity: "warning" as const,
			title: `${name} runs in part on the processor of ${nodeId}`,
			description: `${gb(outside)} of its ${gb(sizeBytes)} (${percent(outside / sizeBytes)}) did not fit into the graphics memory, with a context of ${contextTokens ?? "unknown"} tokens.`,
			fix: "Take a smaller quantisation, a smaller context (OLLAMA_CONTEXT_LENGTH) or OLLAMA_NUM_PARALLEL there, or pin the model to a machine with more memory.",
			nodeId,
			about: name,
			data: { model: name, size_gb: sizeBytes / 1024 ** 3, outside_gb: outside / 1024 ** 3, context: contextTokens ?? null },
		},
	];
}
