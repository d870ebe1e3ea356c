/** A machine comes and goes: a bad cable, Wi-Fi, a lid. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { HOUR_MS } from "../readings.ts";

const FEWEST = 3;

export const nodeFlapping: Check = {
	id: "node_flapping",
	...OVER_THE_HOUR,
	find: ({ nodes, now }) =>
		nodes.flatMap(({ nodeId, lostAt }) => {
			const times = lostAt.filter((at) => now - at < HOUR_MS).length;
			if (times < FEWEST) return [];
			return [
				{
					severity: "warning",
					title: `${nodeId} comes and goes`,
					description: `It fell silent ${times} times within the hour, and came back.`,
					fix: "Give it a cable instead of Wi-Fi, and keep the machine from sleeping (on a Mac: `caffeinate -s`). If it is the agent that ends, its log says why.",
					nodeId,
					data: { times_last_hour: times },
				},
			];
		}),
};
