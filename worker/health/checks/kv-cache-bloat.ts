/** The context takes more memory than the model itself, where memory is wanted. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import type { NodeFacts, ResidentFacts } from "../facts.ts";
import { gb, nodesThere } from "../readings.ts";

/** Beside the weights as they lie on disk; their quantisation is in that size. */
const MOST_RATIO = 1;
const LEAST_BYTES = 4 * 1024 ** 3;
/** What is left is room enough for others below that. */
const CROWDED_RATIO = 0.75;

export const kvCacheBloat: Check = {
	id: "kv_cache_bloat",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts)
			.filter(isCrowded)
			.flatMap((node) => node.resident.flatMap((model) => bloatOf(node, model))),
};

/** Models live in the graphics cards' memory where there are any with their own. */
function isCrowded({ beat, resident }: NodeFacts): boolean {
	const cards = beat.gpus.filter(({ unified }) => !unified).reduce((sum, { memory_total_bytes: total }) => sum + (total ?? 0), 0);
	const taken = resident.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	return taken >= CROWDED_RATIO * (cards || beat.memory.total_bytes);
}

function bloatOf({ nodeId, installed, beat }: NodeFacts, { name, sizeBytes, contextTokens }: ResidentFacts) {
	const weights = installed.find((one) => one.name === name)?.sizeBytes ?? sizeBytes;
	const rest = sizeBytes - weights;
	if (rest < LEAST_BYTES || rest < MOST_RATIO * weights) return [];
	const places = beat.ollama.settings.num_parallel;
	return [
		{
			severity: "info" as const,
			title: `The context of ${name} fills ${nodeId}`,
			description: `${gb(rest)} beside ${gb(weights)} of weights, for ${places === undefined ? "each place" : `${places} places`} of ${contextTokens ?? "unknown"} tokens.`,
			fix: "Set OLLAMA_CONTEXT_LENGTH or OLLAMA_NUM_PARALLEL lower there, or OLLAMA_KV_CACHE_TYPE=q8_0 with OLLAMA_FLASH_ATTENTION=1, and restart Ollama.",
			nodeId,
			about: name,
			data: { model: name, weights_gb: weights / 1024 ** 3, beside_gb: rest / 1024 ** 3, num_parallel: places ?? null },
		},
	];
}
