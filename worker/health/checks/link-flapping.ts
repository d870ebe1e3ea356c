/** A dialled-in link that breaks again and again: what runs over it breaks too. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { HOUR_MS } from "../readings.ts";

const FEWEST = 5;

export const linkFlapping: Check = {
	id: "link_flapping",
	...OVER_THE_HOUR,
	find: ({ nodes, now }) =>
		nodes.flatMap(({ nodeId, link }) => {
			const times = (link?.brokenAt ?? []).filter((at) => now - at < HOUR_MS).length;
			if (times < FEWEST) return [];
			return [
				{
					severity: "warning",
					title: `The link of ${nodeId} breaks often`,
					description: `It broke ${times} times within the hour, and was made anew.`,
					fix: "A proxy or router on the way may close quiet connections: let it keep WebSockets open for at least a minute, or give the router a way to the machine's door (`--advertise URL`).",
					nodeId,
					data: { breaks_last_hour: times },
				},
			];
		}),
};
