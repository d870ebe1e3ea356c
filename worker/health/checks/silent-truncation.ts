/** Prompts that did not fit into the context: Ollama cuts them and says nothing. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import type { RecentRequest } from "../facts.ts";
import { grouped, lastHour } from "../readings.ts";

/** Tokens are estimated from characters, so it must be too long by far. */
const CERTAIN_RATIO = 1.5;
/** An answer that ends where the context does. */
const FULL_RATIO = 0.98;

export const silentTruncation: Check = {
	id: "silent_truncation",
	...OVER_THE_HOUR,
	find: (facts) => {
		const cut = lastHour(facts).filter((request) => promptWasCut(request) || answerWasCut(request));
		return [...grouped(cut, ({ model }) => model)].map(([model, requests]) => {
			const prompts = requests.filter(promptWasCut);
			const longest = Math.max(...requests.map(({ estimatedTokens, promptTokens }) => Math.max(estimatedTokens ?? 0, promptTokens ?? 0)));
			const context = requests.at(-1)?.contextTokens ?? 0;
			return {
				severity: "warning" as const,
				title: `${model} loses words`,
				description: `Within the hour ${prompts.length} prompts were cut to its context of ${context} tokens and ${requests.length - prompts.length} answers ended with it; the longest prompt was about ${longest} tokens.`,
				fix: `Give it a larger context: OLLAMA_CONTEXT_LENGTH on its machines, or FLEET_DYNAMIC_NUM_CTX=true with FLEET_NUM_CTX_OVERRIDES={"${model}": ${nextContext(longest)}}; or send shorter prompts.`,
				about: model,
				data: { model, prompts_cut: prompts.length, answers_cut: requests.length - prompts.length, context, longest_prompt: longest },
			};
		});
	},
};

function promptWasCut({ estimatedTokens, promptTokens, contextTokens }: RecentRequest): boolean {
	if (estimatedTokens === null || promptTokens === null || contextTokens === undefined) return false;
	return promptTokens <= contextTokens && estimatedTokens > CERTAIN_RATIO * contextTokens;
}

function answerWasCut({ finishReason, promptTokens, completionTokens, contextTokens }: RecentRequest): boolean {
	if (finishReason !== "length" || contextTokens === undefined) return false;
	return (promptTokens ?? 0) + (completionTokens ?? 0) >= FULL_RATIO * contextTokens;
}

/** The power of two with room for an answer. */
function nextContext(tokens: number): number {
	return 2 ** Math.ceil(Math.log2(Math.max(4096, tokens * 1.25)));
}
