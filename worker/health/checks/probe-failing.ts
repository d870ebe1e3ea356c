/** A figure that the agent can't read: the router decides without it. */
import { type Check } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const probeFailing: Check = {
	id: "probe_failing",
	firesAfterMs: 60_000,
	clearsAfterMs: 60_000,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat }) =>
			beat.failed_probes.map(({ probe, reason }) => ({
				severity: "info",
				title: `${nodeId} can't read its ${probe}`,
				description: reason,
				fix: "The reason says what the probe lacks, mostly a program or a permission. The machine serves all the same.",
				nodeId,
				about: probe,
				data: { probe, reason },
			})),
		),
};
