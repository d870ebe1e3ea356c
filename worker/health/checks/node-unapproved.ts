/** Somebody has to say whether it is one of the house. */
import { AT_ONCE, type Check } from "../check.ts";

export const nodeUnapproved: Check = {
	id: "node_unapproved",
	...AT_ONCE,
	find: ({ nodes }) =>
		nodes
			.filter(({ status }) => status === "pending")
			.map(({ nodeId, beat }) => ({
				severity: "info",
				title: `${nodeId} asks to join`,
				description: `A machine of that name (${beat.platform.os}, ${beat.platform.chip ?? beat.platform.arch}) beats without the join token. It gets no work until somebody lets it in.`,
				fix: `If it is yours: \`herd nodes approve ${nodeId}\`, or the button on its card.`,
				nodeId,
				data: { door_url: beat.door_url ?? null },
			})),
};
