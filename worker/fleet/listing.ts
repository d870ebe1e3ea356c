/** What the fleet has, merged over its nodes: answers to `/api/tags`, `/api/ps`, `/v1/models` and `/api/version`. Pure. */
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import { canonicalName } from "../routing/names.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export type FleetTag = InstalledModel & { details: Record<string, unknown> & { fleet_nodes: string[] } };
export type FleetResident = ResidentModel & { fleet_node: string };

/** One entry per name: the newest, with the nodes that hold it; newest first, as Ollama sorts. */
export function mergeTags(state: FleetState): FleetTag[] {
	const merged = new Map<string, FleetTag>();
	for (const node of reachable(state)) {
		for (const entry of node.installedEntries ?? []) {
			const key = canonicalName(entry.name);
			const known = merged.get(key);
			const holders = [...(known?.details.fleet_nodes ?? []), node.nodeId];
			const newest = known && time(known.modified_at) >= time(entry.modified_at) ? known : entry;
			merged.set(key, { ...newest, details: { ...newest.details, fleet_nodes: holders } });
		}
	}
	return [...merged.values()].sort((a, b) => time(b.modified_at) - time(a.modified_at) || a.name.localeCompare(b.name));
}

/** One entry per node and model in memory; latest to expire first, as Ollama sorts. */
export function mergeResident(state: FleetState): FleetResident[] {
	return reachable(state)
		.flatMap((node) => node.beat.ollama.models_loaded.map((model) => ({ ...model, fleet_node: node.nodeId })))
		.sort((a, b) => time(b.expires_at) - time(a.expires_at));
}

/** Clients that check a version must not find a feature which one of the nodes lacks. */
export function lowestVersion(state: FleetState): string | undefined {
	const versions = reachable(state).flatMap((node) => node.beat.ollama.version ?? []);
	return versions.sort(compareVersions)[0];
}

export function compareVersions(a: string, b: string): number {
	const [left, right] = [a.split(/[.-]/).map(Number), b.split(/[.-]/).map(Number)];
	for (let index = 0; index < 3; index++) {
		const difference = (left[index] ?? 0) - (right[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

function reachable(state: FleetState): NodeRecord[] {
	return [...state.nodes.values()].filter((node) => node.status !== "offline");
}

function time(iso: string | undefined): number {
	const parsed = Date.parse(iso ?? "");
	return Number.isNaN(parsed) ? 0 : parsed;
}
