/** Tries that never got through to a machine's Ollama. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour } from "../readings.ts";

const KINDS = new Set(["connect", "door-lost", "door-refused", "node-silent"]);
const FEWEST = 2;
const MANY = 10;

export const connectionFailures: Check = {
	id: "connection_failures",
	...OVER_THE_HOUR,
	find: (facts) => {
		const failures = lastHour(facts).flatMap((request) => request.failures.filter(({ failure }) => KINDS.has(failure)));
		return [...grouped(failures, ({ nodeId }) => nodeId)]
			.filter(([, ones]) => ones.length >= FEWEST)
			.map(([nodeId, ones]) => ({
				severity: ones.length > MANY ? ("critical" as const) : ("warning" as const),
				title: `Connections to ${nodeId} fail`,
				description: `${ones.length} tries within the hour did not reach its Ollama (${[...new Set(ones.map(({ failure }) => failure))].join(", ")}). Other machines took over where they could.`,
				fix: "Look at the network between the router and that machine, and whether Ollama restarts there.",
				nodeId,
				data: { failures: ones.length },
			}));
	},
};
