/** A model that does not begin to answer in time. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour } from "../readings.ts";

const FEWEST = 3;

export const loadTimeouts: Check = {
	id: "model_load_timeout",
	...OVER_THE_HOUR,
	find: (facts) => {
		const late = lastHour(facts).flatMap(({ model, failures }) =>
			failures.filter(({ failure }) => failure === "timeout").map(({ nodeId }) => ({ model, nodeId })),
		);
		return [...grouped(late, ({ nodeId, model }) => `${nodeId}\n${model}`).values()].flatMap((ones) => {
			const [first] = ones;
			if (!first || ones.length < FEWEST) return [];
			return [
				{
					severity: "warning",
					title: `${first.model} does not begin on ${first.nodeId}`,
					description: `${ones.length} tries within the hour brought no first byte in time.`,
					fix: "Pin the model so that nobody waits for its load, or take it off that machine; FLEET_FIRST_BYTE_TIMEOUT_S is how long a try may take.",
					nodeId: first.nodeId,
					about: first.model,
					data: { model: first.model, timeouts: ones.length },
				},
			];
		});
	},
};
