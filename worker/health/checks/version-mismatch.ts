/** Agent and router are of different versions. */
import { AT_ONCE, type Check } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const versionMismatch: Check = {
	id: "version_mismatch",
	...AT_ONCE,
	find: (facts) =>
		nodesThere(facts)
			.filter(({ beat }) => beat.agent_version !== facts.routerVersion)
			.map(({ nodeId, beat }) => ({
				severity: "warning",
				title: `The agent of ${nodeId} is of another version`,
				description: `It is ${beat.agent_version}, the router is ${facts.routerVersion}. They understand each other, but newer figures may be missing.`,
				fix: "Start the agent anew with the line that `herd` prints: the router serves the agent that fits it.",
				nodeId,
				data: { agent_version: beat.agent_version, router_version: facts.routerVersion },
			})),
};
