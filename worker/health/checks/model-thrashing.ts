/** One model is loaded again and again: each time somebody waits for it. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, secondsText } from "../readings.ts";

const FEWEST = 3;

export const modelThrashing: Check = {
	id: "model_thrashing",
	...OVER_THE_HOUR,
	find: (facts) => {
		const loads = lastHour(facts).filter(({ load }) => load && !load.isAnew);
		return [...grouped(loads, ({ nodeId, model }) => `${nodeId}\n${model}`).values()].flatMap((ones) => {
			const [first] = ones;
			if (!first || ones.length < FEWEST) return [];
			const { nodeId, model } = first;
			const waitedMs = ones.reduce((sum, { load }) => sum + (load?.ms ?? 0), 0);
			return [
				{
					severity: "warning",
					title: `${model} is loaded again and again`,
					description: `${ones.length} times within the hour on ${nodeId}; requests waited ${secondsText(waitedMs)} for it altogether.`,
					fix: "Pin it (/fleet/pin), or let models stay longer: OLLAMA_KEEP_ALIVE there, or FLEET_KEEP_ALIVE=30m at the router.",
					nodeId,
					about: model,
					data: { model, loads: ones.length, waited_s: Math.round(waitedMs / 1000) },
				},
			];
		});
	},
};
