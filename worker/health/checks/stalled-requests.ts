/** Requests had to be cancelled since nothing came back any more. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { count, HOUR_MS } from "../readings.ts";

const MANY = 10;

export const stalledRequests: Check = {
	id: "zombie_reaper_active",
	...OVER_THE_HOUR,
	find: ({ nodes, now }) =>
		nodes.flatMap(({ nodeId, stalledAt }) => {
			const times = stalledAt.filter((at) => now - at < HOUR_MS).length;
			if (times === 0) return [];
			return [
				{
					severity: times > MANY ? "critical" : "warning",
					title: `Requests get stuck on ${nodeId}`,
					description: `${count(times, "request")} within the hour made no progress for FLEET_STALE_TIMEOUT and were cancelled.`,
					fix: "Ollama's runner hangs there: restart Ollama, and update it and the graphics driver if it comes again.",
					nodeId,
					data: { cancelled: times },
				},
			];
		}),
};
