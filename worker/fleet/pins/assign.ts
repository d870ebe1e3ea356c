/** The nodes of the models in `FLEET_PINNED_MODELS`, which names none. Pure. */
import { nodeReasons } from "../../routing/eligibility.ts";
import type { NodeRecord } from "../state.ts";
import { choosePinNode } from "./choose-pin-node.ts";
import { addTo, allPins, nodesWith, type Pins } from "./pins.ts";

/**
 * A model stays with its node while that can serve, else it goes to the best other one; one that is pinned by name somewhere is
 * pinned enough. Models that fit nowhere now are not in the answer.
 */
export function assign(
	models: readonly string[],
	{ nodes, pins, before }: { nodes: ReadonlyMap<string, NodeRecord>; pins: Pins; before: ReadonlyMap<string, string> },
): Map<string, string> {
	const assigned = new Map<string, string>();
	const pinned = allPins(pins, assigned);
	for (const model of models) {
		const nodeId = [before.get(model), ...nodesWith(pins.asked, model)].find((candidate) => isAble(nodes, candidate, model));
		const place = nodeId === undefined ? choosePinNode(nodes, { model, nodeId: "", force: false, mayBeAway: false }, pinned) : undefined;
		const found = nodeId ?? (place?.kind === "place" ? place.node.nodeId : undefined);
		if (found === undefined) continue;
		assigned.set(model, found);
		addTo(pinned, found, model);
	}
	return assigned;
}

function isAble(nodes: ReadonlyMap<string, NodeRecord>, nodeId: string | undefined, model: string): boolean {
	const node = nodeId === undefined ? undefined : nodes.get(nodeId);
	return node !== undefined && nodeReasons(node).length === 0 && node.installed.has(model);
}
