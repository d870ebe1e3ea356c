/** Beats are missing, not for long yet. */
import { AT_ONCE, type Check } from "../check.ts";
import { secondsText } from "../readings.ts";

const BEAT_MS = 5_000;

export const nodeDegraded: Check = {
	id: "node_degraded",
	...AT_ONCE,
	find: ({ nodes, now }) =>
		nodes
			.filter(({ status }) => status === "degraded")
			.map(({ nodeId, lastSeenAt }) => ({
				severity: "warning",
				title: `${nodeId} has gone quiet`,
				description: `Its last beat came ${secondsText(now - lastSeenAt)} ago; one is due every 5 s. It gets work only where nobody else can serve.`,
				fix: "Look at the network between the two, and at the machine's load: a machine that swaps beats late.",
				nodeId,
				data: { missed_heartbeats: Math.floor((now - lastSeenAt) / BEAT_MS) },
			})),
};
