/** The origin's event of `GET /dashboard/events` (reference/ollama-herd.md 1.7), as far as the fleet has such things. Pure. */
import type { FleetSnapshot, NodeSnapshot } from "../../protocol/fleet.ts";

export function originEvent({ nodes, queues, timestamp }: FleetSnapshot) {
	return { nodes: nodes.map(toOriginNode), queues, timestamp };
}

/** Counts instead of the list of all models. */
function toOriginNode({ ollama: { models_available: names, ...ollama }, ...node }: NodeSnapshot) {
	const embedding = names.filter((name) => name.includes("embed"));
	return { ...node, ollama: { ...ollama, models_available_count: names.length, embed_models: embedding } };
}
