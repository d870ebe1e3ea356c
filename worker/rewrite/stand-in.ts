/** A loaded model that answers in place of one that nobody can load soon. Pure. */
import { canonicalName } from "../routing/names.ts";
import { categoryOf, talks } from "./category.ts";
import { billionsOf, type FleetModel } from "./fleet-model.ts";

/** So much smaller it may be at most. */
const LEAST_RATIO = 0.5;

export interface StandInWish {
	readonly needsVision: boolean;
	/** One for another purpose will do as well: the owner's word. */
	readonly crossCategory: boolean;
}

/**
 * Of those that can do all that `wanted` can, the one nearest to it in size. Undefined when there is none, and for models that don't
 * talk: vectors of another model are worth nothing.
 */
export function findStandIn(wanted: FleetModel, loaded: readonly FleetModel[], { needsVision, crossCategory }: StandInWish) {
	if (!talks(wanted)) return undefined;
	const needed = [...(wanted.capabilities ?? []), ...(needsVision ? ["vision"] : [])];
	return loaded
		.filter((model) => model.loaded && talks(model) && canonicalName(model.name) !== canonicalName(wanted.name))
		.filter((model) => crossCategory || categoryOf(model) === categoryOf(wanted))
		.filter((model) => needed.every((capability) => model.capabilities?.includes(capability)))
		.filter((model) => billionsOf(model) >= LEAST_RATIO * billionsOf(wanted))
		.sort((a, b) => apart(a, wanted) - apart(b, wanted) || a.name.localeCompare(b.name) || a.nodeId.localeCompare(b.nodeId))[0];
}

function apart(model: FleetModel, wanted: FleetModel): number {
	return Math.abs(Math.log(billionsOf(model) / Math.max(0.01, billionsOf(wanted))));
}
