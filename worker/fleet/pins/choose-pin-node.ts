/** Where a model is to be pinned: on the node that is named, else where it fits best. Pure. */
import { nodeReasons, type Reason } from "../../routing/eligibility.ts";
import type { NodeRecord } from "../state.ts";
import { type Budget, budgetFor, isAdmitted, spareBytes } from "./admission.ts";
import type { ModelsByNode } from "./pins.ts";

export interface PinPlaceWish {
	/** Canonical. */
	readonly model: string;
	/** "" leaves the choice to the router. */
	readonly nodeId: string;
	/** Without the arithmetic. */
	readonly force: boolean;
	/** A named node may be away: the model is loaded when it is back. */
	readonly mayBeAway: boolean;
}

export type PinPlace =
	| { readonly kind: "place"; readonly node: NodeRecord }
	| { readonly kind: "unknown-node"; readonly known: readonly string[] }
	/** `holders`: other nodes that have it. */
	| { readonly kind: "missing"; readonly holders: readonly string[] }
	| { readonly kind: "blocked"; readonly reasons: Readonly<Record<string, readonly Reason[]>> }
	| { readonly kind: "too-much"; readonly budgets: readonly Budget[] };

export function choosePinNode(nodes: ReadonlyMap<string, NodeRecord>, wish: PinPlaceWish, pinned: ModelsByNode): PinPlace {
	const holders = [...nodes.values()].filter(({ installed }) => installed.has(wish.model));
	if (wish.nodeId === "") return among(holders, wish, pinned);
	const node = nodes.get(wish.nodeId);
	if (!node) return { kind: "unknown-node", known: [...nodes.keys()].toSorted() };
	if (!node.installed.has(wish.model)) return { kind: "missing", holders: holders.map(({ nodeId }) => nodeId) };
	return among([node], wish, pinned);
}

/** What keeps a node from loading the model now; nothing when it is in memory already. */
export function loadReasons(node: NodeRecord, model: string): Reason[] {
	const reasons: Reason[] = nodeReasons(node);
	if (reasons.length === 0 && !node.resident.has(model) && node.beat.memory.pressure === "critical") reasons.push("memory-critical");
	return reasons;
}

function among(holders: readonly NodeRecord[], { model, force, mayBeAway, nodeId }: PinPlaceWish, pinned: ModelsByNode): PinPlace {
	if (holders.length === 0) return { kind: "missing", holders: [] };
	const isTolerant = mayBeAway && nodeId !== "";
	const able = holders.filter((node) => isTolerant || loadReasons(node, model).length === 0);
	if (able.length === 0)
		return { kind: "blocked", reasons: Object.fromEntries(holders.map((node) => [node.nodeId, loadReasons(node, model)])) };
	const rated = able.map((node) => ({ node, budget: budgetFor(node, model, pinned.get(node.nodeId)) }));
	const open = rated.filter(({ node, budget }) => force || isAdmitted(budget) || pinned.get(node.nodeId)?.has(model));
	const [best] = open.sort((a, b) => merit(b.node) - merit(a.node) || spareBytes(b.budget) - spareBytes(a.budget) || byName(a, b));
	return best ? { kind: "place", node: best.node } : { kind: "too-much", budgets: rated.map(({ budget }) => budget) };

	/** Pinned there already, then in memory there already, then healthy. */
	function merit(node: NodeRecord): number {
		if (pinned.get(node.nodeId)?.has(model)) return 3;
		if (node.status !== "online") return 0;
		return node.resident.has(model) ? 2 : 1;
	}
}

function byName(a: { node: NodeRecord }, b: { node: NodeRecord }): number {
	return a.node.nodeId.localeCompare(b.node.nodeId);
}
