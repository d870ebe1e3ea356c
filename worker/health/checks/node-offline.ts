/** A machine has gone without a word. One whose agent was stopped on purpose is away, which is no trouble. */
import { AT_ONCE, type Check } from "../check.ts";
import type { HealthFacts, NodeFacts } from "../facts.ts";
import { isThere, listed, secondsText } from "../readings.ts";

export const nodeOffline: Check = {
	id: "node_offline",
	...AT_ONCE,
	find: (facts) =>
		facts.nodes
			.filter(({ status, left }) => status === "offline" && !left)
			.map((node) => {
				const alone = onlyThere(facts, node);
				const loses = alone.length > 0 ? ` Nobody else has ${listed(alone)}.` : "";
				return {
					severity: alone.length > 0 || !facts.nodes.some(isThere) ? "critical" : "warning",
					title: `${node.nodeId} is offline`,
					description: `Nothing was heard of it for ${secondsText(facts.now - node.lastSeenAt)}.${loses}`,
					fix: "See that the machine is awake and on the network, and that herd-agent runs there: its log says what is wrong. If it is gone for good, `herd nodes forget` it.",
					nodeId: node.nodeId,
					data: { last_heartbeat_ago_s: Math.round((facts.now - node.lastSeenAt) / 1000), only_there: alone },
				};
			}),
};

/** Models that no machine which is there has. */
function onlyThere({ nodes }: HealthFacts, { installed }: NodeFacts): string[] {
	const elsewhere = new Set(nodes.filter(isThere).flatMap((node) => node.installed.map(({ name }) => name)));
	return installed.map(({ name }) => name).filter((name) => !elsewhere.has(name));
}
