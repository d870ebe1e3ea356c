/** A larger model, loaded already, for a request whose context the resident one can't hold. Pure. */
import { canonicalName } from "../routing/names.ts";
import { categoryOf, talks } from "./category.ts";
import { billionsOf, type FleetModel } from "./fleet-model.ts";

/**
 * The smallest model that is loaded with enough context, larger than `served`, of its category, and able to do all that it can;
 * on its own node if there is one. Undefined also when it is not known what `served` can do.
 */
export function findUpgrade(served: FleetModel, numCtx: number, loaded: readonly FleetModel[]): FleetModel | undefined {
	if (!talks(served)) return undefined;
	return loaded
		.filter((model) => model.loaded && (model.contextLength ?? 0) >= numCtx && canReplace(served, model))
		.sort((a, b) => away(a, served) - away(b, served) || bySize(a, b) || a.nodeId.localeCompare(b.nodeId))[0];
}

function canReplace(served: FleetModel, model: FleetModel): boolean {
	if (canonicalName(model.name) === canonicalName(served.name)) return false;
	if (!talks(model) || categoryOf(model) !== categoryOf(served)) return false;
	return bySize(served, model) < 0 && doesAllOf(served, model);
}

function doesAllOf(served: FleetModel, model: FleetModel): boolean {
	if (!served.capabilities || !model.capabilities) return false;
	return served.capabilities.every((capability) => model.capabilities?.includes(capability));
}

function bySize(a: FleetModel, b: FleetModel): number {
	return billionsOf(a) - billionsOf(b) || a.sizeBytes - b.sizeBytes;
}

function away(model: FleetModel, served: FleetModel): number {
	return model.nodeId === served.nodeId ? 0 : 1;
}
