/** Several models push one another out of one machine's memory. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, listed } from "../readings.ts";

const FEWEST_LOADS = 8;
const FEWEST_MODELS = 2;

export const evictionChurn: Check = {
	id: "eviction_churn",
	...OVER_THE_HOUR,
	find: (facts) => {
		const loads = lastHour(facts).filter(({ load }) => load && !load.isAnew);
		return [...grouped(loads, ({ nodeId }) => nodeId)].flatMap(([nodeId, ones]) => {
			const again = [...grouped(ones, ({ model }) => model)].filter(([, times]) => times.length > 1).map(([model]) => model);
			if (ones.length < FEWEST_LOADS || again.length < FEWEST_MODELS) return [];
			return [
				{
					severity: "warning",
					title: `Models push one another out on ${nodeId}`,
					description: `${ones.length} loads within the hour, several times each of ${listed(again)}.`,
					fix: "Pull one of them on another machine, so that each has its own place; or raise OLLAMA_MAX_LOADED_MODELS there if memory is free.",
					nodeId,
					data: { loads: ones.length, models: again },
				},
			];
		});
	},
};
