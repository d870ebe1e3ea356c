/** A context that nobody fills takes memory from other models. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import type { NodeFacts, ResidentFacts } from "../facts.ts";
import type { RecentRequest } from "../facts.ts";
import { grouped, nodesThere } from "../readings.ts";

const FEWEST = 20;
const SMALLEST_CONTEXT = 16_384;
const WASTE = 4;
const ROOM = 2;

export const contextWaste: Check = {
	id: "context_waste",
	...OVER_THE_HOUR,
	find: (facts) => {
		const byModel = grouped(facts.recent, ({ model }) => model);
		return nodesThere(facts).flatMap((node) => node.resident.flatMap((model) => wasteOf(node, model, byModel.get(model.name) ?? [])));
	},
};

function wasteOf({ nodeId }: NodeFacts, { name, contextTokens }: ResidentFacts, requests: readonly RecentRequest[]) {
	const used = requests.flatMap(({ promptTokens, completionTokens }) =>
		promptTokens === null ? [] : [promptTokens + (completionTokens ?? 0)],
	);
	if (contextTokens === undefined || contextTokens < SMALLEST_CONTEXT || used.length < FEWEST) return [];
	const most = Math.max(...used);
	if (contextTokens < WASTE * most) return [];
	const enough = 2 ** Math.ceil(Math.log2(Math.max(4096, most * ROOM)));
	return [
		{
			severity: "info" as const,
			title: `${name} has more context on ${nodeId} than it needs`,
			description: `${contextTokens} tokens are set aside; the longest of the last ${used.length} requests took ${most}.`,
			fix: `${enough} would do: OLLAMA_CONTEXT_LENGTH=${enough} there, and the memory is free for other models.`,
			nodeId,
			about: name,
			data: { model: name, allocated: contextTokens, most_used: most, recommended: enough, requests: used.length },
		},
	];
}
