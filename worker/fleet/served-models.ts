/**
 * Which model a request is served as, in order: what its name means, the client's fallbacks, a loaded stand-in for one that nobody
 * can load, or a roomier one. Pure over the state given.
 */
import type { RouteRequest } from "../protocol/inference.ts";
import { resolveAlias } from "../rewrite/aliases.ts";
import type { ContextPolicy } from "../rewrite/context-guard.ts";
import { fleetModel, type FleetModel, modelsOn } from "../rewrite/fleet-model.ts";
import { residentContext } from "../rewrite/served-facts.ts";
import { findStandIn } from "../rewrite/stand-in.ts";
import { findUpgrade } from "../rewrite/upgrade.ts";
import { nodeReasons } from "../routing/eligibility.ts";
import { canonicalName } from "../routing/names.ts";
import { reasonsAgainstNode } from "../routing/rule/contenders.ts";
import type { FleetIndex, Waiting } from "../routing/rule/view.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export interface NamePolicy {
	readonly aliases: Readonly<Record<string, string>>;
	readonly contextProtection: ContextPolicy;
	readonly fallback: FallbackPolicy;
}

export interface FallbackPolicy {
	/** A loaded model may stand in for one that is installed and can't be loaded soon. */
	readonly vram: boolean;
	/** Expected seconds to the first token beyond which it does. */
	readonly vramAfterS: number;
	readonly crossCategory: boolean;
	/** A fallback in memory beats the model asked for on disk. */
	readonly preferHot: boolean;
}

export interface Meaning {
	/** Canonical. */
	readonly model: string;
	/** Why another model than the one asked for; empty for the one asked for. */
	readonly because: string;
}

/**
 * The first of the request's models that some node can serve, now or after a wait: a fallback never beats the model asked for just
 * because it is in memory. When none can be served it is the one asked for, for a refusal is about that one.
 */
export function meaningOf(state: FleetState, index: FleetIndex, request: RouteRequest, policy: NamePolicy): Meaning {
	const first = primaryOf(state, index, request, policy);
	const fallbacks = request.fallbacks.map(canonicalName);
	const hot = policy.fallback.preferHot ? [first.model, ...fallbacks].find((model) => isServable(index, model, request, "hot")) : undefined;
	if (hot !== undefined && hot !== first.model) return { model: hot, because: "fallback_models" };
	if (isServable(index, first.model, request)) return first;
	const fallback = fallbacks.find((model) => isServable(index, model, request));
	if (fallback !== undefined) return { model: fallback, because: "fallback_models" };
	return standInFor(state, index, { request, model: first.model }, policy) ?? first;
}

/** For a model that is installed somewhere; never for a request that is tied to its model. */
export function standInFor(
	state: FleetState,
	{ byModel }: FleetIndex,
	{ request, model }: Pick<Waiting, "request" | "model">,
	{ fallback: { vram, crossCategory } }: NamePolicy,
): Meaning | undefined {
	const [holder] = byModel.get(model) ?? [];
	if (!vram || !holder || request.tiedToModel) return undefined;
	const { needsVision, excluded } = request;
	const others = [...state.nodes.values()].filter(({ nodeId }) => !excluded.includes(nodeId));
	const standIn = findStandIn(fleetModel(holder, model), usableModels(others), { needsVision, crossCategory });
	return standIn && { model: canonicalName(standIn.name), because: "vram_fallback" };
}

/** A name that the fleet has means itself, so the usual request costs one look-up. */
function primaryOf({ nodes }: FleetState, { byModel }: FleetIndex, request: RouteRequest, { aliases }: NamePolicy): Meaning {
	const asked = { model: canonicalName(request.model), because: "" };
	if (byModel.has(asked.model) && Object.keys(aliases).length === 0) return asked;
	const fleetModels = usableModels([...nodes.values()]);
	const resolved = resolveAlias(request.model, { aliases, fleetModels, needsVision: request.needsVision });
	return resolved ? { model: canonicalName(resolved.model), because: resolved.why } : asked;
}

function isServable({ byModel }: FleetIndex, model: string, request: RouteRequest, how?: "hot"): boolean {
	const holders = byModel.get(model) ?? [];
	return holders.some((node) => (how !== "hot" || node.resident.has(model)) && reasonsAgainstNode(node, { model, request }).length === 0);
}

/** A larger model that is loaded with the context asked for, when the chosen one would have to be loaded anew for it. */
export function roomierModel(state: FleetState, { request }: Waiting, chosen: { nodeId: string; model: string }): FleetModel | undefined {
	const node = state.nodes.get(chosen.nodeId);
	const { numCtx } = request;
	if (!node || numCtx === undefined || request.tiedToModel) return undefined;
	const resident = residentContext(node, chosen.model);
	if (typeof resident !== "number" || numCtx <= resident) return undefined;
	return findUpgrade(fleetModel(node, chosen.model), numCtx, usableModels([...state.nodes.values()]));
}

function usableModels(nodes: readonly NodeRecord[]): FleetModel[] {
	return nodes.filter((node) => nodeReasons(node).length === 0).flatMap(modelsOn);
}
