/** What the fleet has, merged over its nodes: answers to `/api/tags`, `/api/ps`, `/v1/models` and `/api/version`. Pure. */
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import { canonicalName } from "../routing/names.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** `fleet_digests` stands only where nodes of like version disagree. */
export type FleetTag = InstalledModel & {
	details: Record<string, unknown> & { fleet_nodes: string[]; fleet_digests?: Record<string, string> };
};
export type FleetResident = ResidentModel & { fleet_node: string };

/** One model on one node. */
interface Copy {
	readonly node: NodeRecord;
	readonly entry: InstalledModel;
}

/** One entry per name: the newest of those with the majority's digest, and the nodes that hold the name; newest first, as Ollama sorts. */
export function mergeTags(state: FleetState): FleetTag[] {
	const copies = new Map<string, Copy[]>();
	for (const node of reachable(state)) {
		for (const entry of node.installedEntries ?? []) {
			const key = canonicalName(entry.name);
			const known = copies.get(key);
			if (known) known.push({ node, entry });
			else copies.set(key, [{ node, entry }]);
		}
	}
	return [...copies.values()].map(mergeCopies).sort((a, b) => time(b.modified_at) - time(a.modified_at) || a.name.localeCompare(b.name));
}

function mergeCopies(copies: readonly Copy[]): FleetTag {
	const [first] = ranked(copies);
	if (!first) throw new Error("A name without a copy");
	const { entry } = first;
	const nodes = copies.map(({ node }) => node.nodeId);
	const digests = Object.fromEntries(copies.map(({ node, entry: { digest = "" } }) => [node.nodeId, digest]));
	return { ...entry, details: { ...entry.details, fleet_nodes: nodes, ...(disagree(copies) && { fleet_digests: digests }) } };
}

/** The digest most nodes have first, then the newest. */
function ranked(copies: readonly Copy[]): Copy[] {
	const counts = new Map<string | undefined, number>();
	for (const { entry } of copies) counts.set(entry.digest, (counts.get(entry.digest) ?? 0) + 1);
	const count = ({ entry }: Copy) => counts.get(entry.digest) ?? 0;
	return [...copies].sort((a, b) => count(b) - count(a) || time(b.entry.modified_at) - time(a.entry.modified_at));
}

/** Ollamas of unlike versions store the same model under other digests, lawfully; those of one version do not. */
function disagree(copies: readonly Copy[]): boolean {
	const seen = new Map<string, string | undefined>();
	return copies.some(({ node, entry: { digest } }) => {
		const [major, minor] = (node.beat.ollama.version ?? "").split(".");
		const version = `${major}.${minor}`;
		if (seen.has(version)) return seen.get(version) !== digest;
		seen.set(version, digest);
		return false;
	});
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

function compareVersions(a: string, b: string): number {
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
