/** What is on the machines' disks, and how much of it is used. Pure. */
import { catalogued } from "../../catalogue/lookup.ts";
import type { ModelManagement } from "../../protocol/jobs.ts";
import type { NodeModelUsage } from "../../protocol/model-usage.ts";
import type { InstalledModel } from "../../protocol/ollama.ts";
import { categoryOf } from "../../rewrite/category.ts";
import { fleetModel } from "../../rewrite/fleet-model.ts";
import { canonicalName } from "../../routing/names.ts";
import type { ModelsByNode } from "../pins/pins.ts";
import type { FleetState, NodeRecord } from "../state.ts";

const GIB = 1024 ** 3;
const DAY_S = 24 * 3600;
/** The origin's: not used for so long counts as unused. */
export const UNUSED_AFTER_DAYS = 7;

type StockNode = ModelManagement["nodes"][number];
type StockModel = StockNode["models"][number];

export interface StockFacts {
	readonly usage: readonly NodeModelUsage[];
	readonly pinned: ModelsByNode;
	/** Epoch milliseconds. */
	readonly now: number;
}

export function stockOf({ nodes }: Pick<FleetState, "nodes">, facts: StockFacts): ModelManagement {
	const all = [...nodes.values()].filter(({ approved }) => approved).map((node) => toNode(node, facts));
	return { nodes: all.toSorted((a, b) => a.node_id.localeCompare(b.node_id)) };
}

function toNode(node: NodeRecord, facts: StockFacts): StockNode {
	const { disk } = node.beat;
	const entries = node.installedEntries ?? [];
	return {
		node_id: node.nodeId,
		status: node.status,
		models: entries.map((entry) => toModel(node, entry, facts)).toSorted(byUse),
		total_size_gb: gib(entries.reduce((sum, { size }) => sum + size, 0)),
		disk_available_gb: disk ? gib(disk.available_bytes) : null,
		disk_total_gb: disk ? gib(disk.total_bytes) : null,
	};
}

function toModel(node: NodeRecord, { name, size, details }: InstalledModel, { usage, pinned, now }: StockFacts): StockModel {
	const model = canonicalName(name);
	const used = usage.find((one) => one.node_id === node.nodeId && canonicalName(one.model) === model);
	const days = used && Math.max(0, Math.floor((now / 1000 - used.last_used) / DAY_S));
	const isLoaded = node.resident.has(model);
	return {
		name,
		display_name: name.replace(/:latest$/, ""),
		category: catalogued(model)?.category ?? categoryOf(fleetModel(node, model)),
		size_gb: gib(size),
		parameter_size: details?.parameter_size ?? "",
		quantization: details?.quantization_level ?? "",
		last_used: used?.last_used ?? null,
		days_unused: days ?? null,
		total_requests: used?.requests ?? 0,
		loaded_in_vram: isLoaded,
		unused: !isLoaded && (days === undefined || days >= UNUSED_AFTER_DAYS),
		busy: (node.inFlight.get(model) ?? 0) > 0,
		pinned: pinned.get(node.nodeId)?.has(model) ?? false,
	};
}

/** The origin's order: what is loaded, then what was used last, then by name. */
function byUse(a: StockModel, b: StockModel): number {
	const loaded = Number(b.loaded_in_vram) - Number(a.loaded_in_vram);
	return loaded || (b.last_used ?? 0) - (a.last_used ?? 0) || a.name.localeCompare(b.name);
}

function gib(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}
