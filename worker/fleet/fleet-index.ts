/** Nodes by model, made anew only when one comes, goes, changes its state, or gets other models. */
import { type FleetIndex, indexFleet } from "../routing/rule/view.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export interface IndexedFleet {
	readonly index: FleetIndex;
	readonly from: readonly NodeRecord[];
	readonly facts: readonly unknown[];
}

export function fleetIndex(state: FleetState): FleetIndex {
	if (state.indexed && isCurrent(state.indexed, state)) return state.indexed.index;
	const from = [...state.nodes.values()];
	const index = indexFleet(from);
	state.indexed = { index, from, facts: from.flatMap(factsOf) };
	return index;
}

/** Compared, not announced by those who change a node: a forgotten announcement would route to a machine that is gone. */
function isCurrent({ from, facts }: IndexedFleet, { nodes }: FleetState): boolean {
	if (from.length !== nodes.size) return false;
	let position = 0;
	for (const node of nodes.values()) {
		if (from[position / FACTS] !== node) return false;
		for (const fact of factsOf(node)) if (facts[position++] !== fact) return false;
	}
	return true;
}

const FACTS = 4;

/** `installed` is replaced as a whole when it changes; a model in memory that is not on disk is rare. */
function factsOf(node: NodeRecord): unknown[] {
	let strays = 0;
	for (const model of node.resident.keys()) if (!node.installed.has(model)) strays++;
	return [node.installed, node.status, node.beat.platform.memory_bandwidth_gbps, strays];
}
