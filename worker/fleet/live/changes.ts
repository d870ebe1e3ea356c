/** What there is to tell since the last time. Pure. */
import type { LiveEvent } from "../../protocol/events.ts";
import type { FleetSnapshot, NodeSnapshot } from "../../protocol/fleet.ts";
import type { HealthReport } from "../../protocol/health.ts";

export interface Picture {
	readonly status: FleetSnapshot;
	readonly health: HealthReport;
}

/** A picture with what its parts are compared by. */
export interface Told {
	readonly nodes: ReadonlyMap<string, string>;
	readonly queue: string;
	readonly pulls: string;
	readonly health: string;
}

export function toldBy({ status, health }: Picture): Told {
	return {
		nodes: new Map(status.nodes.map((node) => [node.node_id, essence(node)])),
		queue: JSON.stringify([status.fleet, status.queues]),
		pulls: JSON.stringify(status.pulls),
		health: JSON.stringify([health.vitals.health_score, cardsOf(health)]),
	};
}

export function changesSince(before: Told, { status, health }: Picture, after: Told): LiveEvent[] {
	const events: LiveEvent[] = [];
	const changed = status.nodes.filter(({ node_id: nodeId }) => before.nodes.get(nodeId) !== after.nodes.get(nodeId));
	const removed = [...before.nodes.keys()].filter((nodeId) => !after.nodes.has(nodeId));
	if (changed.length + removed.length > 0) events.push({ name: "nodes", data: { changed, removed } });
	if (before.queue !== after.queue) events.push({ name: "queue", data: { fleet: status.fleet, queues: status.queues } });
	if (before.pulls !== after.pulls) events.push({ name: "pulls", data: { pulls: status.pulls } });
	if (before.health !== after.health) events.push({ name: "health", data: health });
	return events;
}

/** Without the figures in their words, which move with every look. */
function cardsOf({ recommendations }: HealthReport) {
	return recommendations.map(({ check_id: id, severity, title, node_id: nodeId }) => [id, severity, title, nodeId]);
}

/** Without what runs by itself. */
function essence(node: NodeSnapshot): string {
	return JSON.stringify({ ...node, last_seen_ago_ms: 0, breakers: node.breakers.map((breaker) => ({ ...breaker, retry_in_ms: 0 })) });
}
