/** A model in memory is loaded anew since a client asks for it with another context or runner option. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, secondsText } from "../readings.ts";

const FEWEST = 3;

export const reloadByOption: Check = {
	id: "reload_by_option",
	...OVER_THE_HOUR,
	find: (facts) => {
		const reloads = lastHour(facts).filter(({ load }) => load?.isAnew);
		return [...grouped(reloads, ({ nodeId, model }) => `${nodeId}\n${model}`).values()].flatMap((ones) => {
			const [first] = ones;
			if (!first || ones.length < FEWEST) return [];
			const { nodeId, model } = first;
			const waitedMs = ones.reduce((sum, { load }) => sum + (load?.ms ?? 0), 0);
			return [
				{
					severity: "warning",
					title: `Options of clients reload ${model}`,
					description: `It was in memory on ${nodeId} and was loaded anew ${ones.length} times within the hour (${secondsText(waitedMs)} altogether): its clients ask for different contexts or runner options.`,
					fix: "Leave num_ctx, num_gpu, num_thread and the like out of the requests; X-Fleet-Warning names them on each answer. FLEET_CONTEXT_PROTECTION=strip makes num_ctx harmless.",
					nodeId,
					about: model,
					data: { model, reloads: ones.length, waited_s: Math.round(waitedMs / 1000) },
				},
			];
		});
	},
};
