/** The context takes more memory than the model itself. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import type { NodeFacts, ResidentFacts } from "../facts.ts";
import { gb, nodesThere } from "../readings.ts";

/** Beside the weights as they lie on disk; their quantisation is in that size. */
const MOST_RATIO = 1;
const LEAST_BYTES = 4 * 1024 ** 3;

export const kvCacheBloat: Check = {
	id: "kv_cache_bloat",
	...WHEN_IT_LASTS,
	find: (facts) => nodesThere(facts).flatMap((node) => node.resident.flatMap((model) => bloatOf(node, model))),
};

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
