/** Nodes picked by other than the score: for questions and chores, which take no place. Pure over the state given. */
import { busyOf } from "../routing/candidate.ts";
import { type NodeReason, nodeReasons } from "../routing/eligibility.ts";
import { canonicalName, nearestNames } from "../routing/names.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** What it takes to call a node's door. */
export interface Target {
	readonly nodeId: string;
	readonly doorUrl: string;
	readonly secret: string;
}

/** A node with the model on its disk. */
export interface Holder extends Target {
	readonly digest?: string;
}

/** Where a model is, and what to say when it is nowhere. */
export interface Whereabouts {
	/** Those that hold it in memory first. */
	readonly holders: readonly Holder[];
	/** Nodes that have it but can't be asked now, with what is against them. */
	readonly unreachable: Readonly<Record<string, readonly NodeReason[]>>;
	/** Installed names that may have been meant. */
	readonly nearest: readonly string[];
	readonly nodesTotal: number;
}

export type NamedNode =
	| { readonly kind: "usable"; readonly target: Target }
	| { readonly kind: "blocked"; readonly reasons: readonly NodeReason[] }
	/** Not in the fleet, or offline. */
	| { readonly kind: "absent" };

export function leastBusy(state: FleetState): Target | undefined {
	const usable = [...state.nodes.values()].filter(isUsable);
	const [first] = usable.sort((a, b) => busyOf(a) - busyOf(b) || a.nodeId.localeCompare(b.nodeId));
	return first && toTarget(first);
}

export function whoHas(state: FleetState, model: string): Whereabouts {
	const name = canonicalName(model);
	const having = [...state.nodes.values()].filter((node) => node.installed.has(name));
	const holders = having
		.filter(isUsable)
		.sort((a, b) => Number(b.resident.has(name)) - Number(a.resident.has(name)) || a.nodeId.localeCompare(b.nodeId))
		.map((node) => toHolder(node, name));
	const unreachable = having.filter((node) => !isUsable(node)).map((node) => [node.nodeId, nodeReasons(node)] as const);
	return {
		holders,
		unreachable: Object.fromEntries(unreachable),
		nearest: having.length > 0 ? [] : nearestNames(name, installedNames(state)),
		nodesTotal: state.nodes.size,
	};
}

export function nodeNamed(state: FleetState, nodeId: string): NamedNode {
	const node = state.nodes.get(nodeId);
	if (!node || node.status === "offline") return { kind: "absent" };
	return isUsable(node) ? { kind: "usable", target: toTarget(node) } : { kind: "blocked", reasons: nodeReasons(node) };
}

export function doorOf(state: FleetState, nodeId: string): Target | undefined {
	const node = state.nodes.get(nodeId);
	return node && node.status !== "offline" && node.beat.door_url !== undefined ? toTarget(node) : undefined;
}

export function toTarget({ nodeId, beat, secret }: NodeRecord): Target {
	return { nodeId, doorUrl: beat.door_url ?? "", secret };
}

function toHolder(node: NodeRecord, name: string): Holder {
	const digest = node.installed.get(name)?.digest;
	return { ...toTarget(node), ...(digest !== undefined && { digest }) };
}

function isUsable(node: NodeRecord): boolean {
	return nodeReasons(node).length === 0;
}

/** Of all nodes, as they list them. */
export function installedNames(state: FleetState): string[] {
	return [...new Set([...state.nodes.values()].flatMap((node) => (node.installedEntries ?? []).map(({ name }) => name)))];
}
