/** What one request is placed as: the model its name means, the node that serves it best, or a roomier model. Pure over the state given. */
import type { RouteRequest } from "../protocol/inference.ts";
import { choose, type Choice } from "../routing/choose.ts";
import { nodeReasons } from "../routing/eligibility.ts";
import { chooseModel } from "../routing/fallback.ts";
import { canonicalName } from "../routing/names.ts";
import { resolveAlias } from "../rewrite/aliases.ts";
import type { ContextPolicy } from "../rewrite/context-guard.ts";
import { fleetModel, type FleetModel, modelsOn } from "../rewrite/fleet-model.ts";
import { residentContext } from "../rewrite/served-facts.ts";
import { findUpgrade } from "../rewrite/upgrade.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export interface PlacementPolicy {
	readonly aliases: Readonly<Record<string, string>>;
	readonly contextProtection: ContextPolicy;
}

/** `because`: why another model than the one asked for; empty for the one asked for. */
export type Placement = Choice & { readonly because: string };

export function placementFor(state: FleetState, request: RouteRequest, policy: PlacementPolicy, now: number): Placement {
	const nodes = [...state.nodes.values()];
	const meant = meaningOf(nodes, request, policy);
	const named = { ...request, model: meant.model };
	const choice = chooseModel(nodes, named, now);
	const roomier = choice.kind === "assigned" && policy.contextProtection === "strip" && upgradeFor(state, choice, named, now);
	if (roomier) return { ...roomier, because: "larger context" };
	const isFallback = choice.kind !== "refused" && choice.model !== canonicalName(named.model);
	return { ...choice, because: isFallback ? "fallback_models" : meant.because };
}

/** A name that the fleet has means itself, so the usual request costs one look-up. */
function meaningOf(nodes: readonly NodeRecord[], request: RouteRequest, { aliases }: PlacementPolicy): { model: string; because: string } {
	const name = canonicalName(request.model);
	const isKnown = nodes.some((node) => node.installed.has(name) || node.resident.has(name));
	if (isKnown && Object.keys(aliases).length === 0) return { model: request.model, because: "" };
	const resolved = resolveAlias(request.model, { aliases, fleetModels: usableModels(nodes), needsVision: request.needsVision });
	return resolved ? { model: resolved.model, because: resolved.why } : { model: request.model, because: "" };
}

/** A larger model that is loaded with the context asked for, when the chosen one would have to be loaded anew for it. */
function upgradeFor(
	state: FleetState,
	choice: Extract<Choice, { kind: "assigned" }>,
	request: RouteRequest,
	now: number,
): Choice | undefined {
	const node = state.nodes.get(choice.nodeId);
	const { numCtx } = request;
	if (!node || numCtx === undefined || request.tiedToModel) return undefined;
	const resident = residentContext(node, choice.model);
	if (typeof resident !== "number" || numCtx <= resident) return undefined;
	const upgrade = findUpgrade(fleetModel(node, choice.model), numCtx, usableModels([...state.nodes.values()]));
	const holder = upgrade && state.nodes.get(upgrade.nodeId);
	if (!holder) return undefined;
	const moved = choose([holder], { ...request, model: upgrade.name }, now);
	return moved.kind === "assigned" ? moved : undefined;
}

function usableModels(nodes: readonly NodeRecord[]): FleetModel[] {
	return nodes.filter((node) => nodeReasons(node).length === 0).flatMap(modelsOn);
}
