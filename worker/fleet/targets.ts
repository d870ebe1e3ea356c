/** Nodes picked by other than the score: for questions and chores, which take no place. Pure over the state given. */
import { busyOf } from "../routing/candidate.ts";
import { nodeReasons } from "../routing/eligibility.ts";
import { canonicalName } from "../routing/names.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** What it takes to call a node's door. */
export interface Target {
	readonly nodeId: string;
	readonly doorUrl: string;
	readonly secret: string;
}

export function leastBusy(state: FleetState): Target | undefined {
	const [first] = usable(state).sort((a, b) => busyOf(a) - busyOf(b) || a.nodeId.localeCompare(b.nodeId));
	return first && toTarget(first);
}

/** Every usable node with the model on its disk, those that hold it in memory first. */
export function holdersOf(state: FleetState, model: string): Target[] {
	const name = canonicalName(model);
	return usable(state)
		.filter((node) => node.installed.has(name))
		.sort((a, b) => Number(b.resident.has(name)) - Number(a.resident.has(name)) || a.nodeId.localeCompare(b.nodeId))
		.map(toTarget);
}

function usable(state: FleetState): NodeRecord[] {
	return [...state.nodes.values()].filter((node) => nodeReasons(node).length === 0);
}

function toTarget({ nodeId, beat, secret }: NodeRecord): Target {
	return { nodeId, doorUrl: beat.door_url ?? "", secret };
}
