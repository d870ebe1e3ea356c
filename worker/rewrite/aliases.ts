/** Which model a name means that the fleet does not have. Pure. */
import { canonicalName } from "../routing/names.ts";
import type { FleetModel } from "./fleet-model.ts";
import { bestForTier, tierOf } from "./model-tier.ts";

/** For built-in names when no model of the fleet will do: the origin's word in its map. */
const DEFAULT_KEY = "default";

export interface AliasFacts {
	/** Of `FLEET_ALIASES` and `FLEET_ANTHROPIC_MODEL_MAP`: name asked for, name meant. */
	readonly aliases: Readonly<Record<string, string>>;
	/** Of all nodes that are not offline. */
	readonly fleetModels: readonly FleetModel[];
	readonly needsVision: boolean;
}

export interface Resolved {
	readonly model: string;
	readonly kind: "alias" | "tier" | "default";
	/** For a person. */
	readonly why: string;
}

/**
 * Undefined leaves the name: it is on the fleet, or means nothing here. The owner's aliases come before all else, and are not
 * followed twice.
 */
export function resolveAlias(name: string, { aliases, fleetModels, needsVision }: AliasFacts): Resolved | undefined {
	const alias = aliasFor(name, aliases);
	if (alias !== undefined) return canonicalName(alias) === canonicalName(name) ? undefined : { model: alias, kind: "alias", why: "alias" };
	if (fleetModels.some((model) => canonicalName(model.name) === canonicalName(name))) return undefined;
	const tier = tierOf(name);
	if (!tier) return undefined;
	const best = bestForTier(tier, fleetModels, { needsVision });
	if (best) return { model: best.name, kind: "tier", why: `${tier} tier, best ${best.loaded ? "loaded" : "on disk"}` };
	const fallback = aliases[DEFAULT_KEY];
	return fallback === undefined ? undefined : { model: fallback, kind: "default", why: "default alias" };
}

function aliasFor(name: string, aliases: Readonly<Record<string, string>>): string | undefined {
	const wanted = canonicalName(name);
	return Object.entries(aliases).find(([from]) => canonicalName(from) === wanted)?.[1];
}
