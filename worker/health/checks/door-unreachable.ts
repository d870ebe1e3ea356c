/** Beats come in, but the router can't get through to the machine. */
import { type Check } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const doorUnreachable: Check = {
	id: "door_unreachable",
	firesAfterMs: 5_000,
	clearsAfterMs: 0,
	find: (facts) =>
		nodesThere(facts)
			.filter(({ doorReachable }) => !doorReachable)
			.map(({ nodeId, beat }) => ({
				severity: "critical",
				title: `The door of ${nodeId} can't be reached`,
				description:
					beat.door_url === undefined
						? "Its agent beats but has opened no door."
						: `Its agent says it is at ${beat.door_url}, where nothing answers in its name.`,
				fix: "Let its firewall pass the door's port (11436) from the router. Behind a VPN, a container or another network, tell the agent its address as the router sees it: `--advertise URL`.",
				nodeId,
				data: { door_url: beat.door_url ?? null },
			})),
};
