/** What the decision sees: machines as last reported plus the router's own leases. Pure types and readings. */
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { NodeStatus } from "../protocol/fleet.ts";
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import type { Breakers } from "./breaker.ts";

/** Ollama's default for OLLAMA_NUM_PARALLEL, and what an unread setting is taken for: never oversubscribe a blind queue. */
const DEFAULT_PARALLEL = 1;

export interface Pause {
	/** Epoch milliseconds; absent: until somebody resumes it. */
	readonly until?: number | undefined;
}

/** A machine, seen by the decision. Keys of all maps are canonical model names. */
export interface NodeView {
	readonly nodeId: string;
	readonly status: NodeStatus;
	readonly beat: Heartbeat;
	readonly doorReachable: boolean;
	/** Taken out of service at the router; the beat says whether its agent did so. */
	readonly drained?: boolean;
	/** Paused at the router; the beat says whether its owner did so. */
	readonly pause?: Pause;
	readonly installed: ReadonlyMap<string, InstalledModel>;
	readonly resident: ReadonlyMap<string, ResidentModel>;
	/** Contexts that models were seen to run with since the last beat; undefined in it: loaded, with a context not known. */
	readonly learnedContexts: ReadonlyMap<string, number | undefined>;
	/** Epoch milliseconds at which a model left memory. */
	readonly unloadedAt: ReadonlyMap<string, number>;
	/** What failed there several times in a row. */
	readonly breakers: Breakers;
	/** Own requests in flight, by model. */
	readonly inFlight: ReadonlyMap<string, number>;
	/** 75th percentile of whole-request latency without queueing, by model, in milliseconds. */
	readonly latencyP75Ms: ReadonlyMap<string, number>;
}

/** A node that might serve a model. */
export interface Candidate {
	readonly node: NodeView;
	readonly model: string;
	/** Undefined while the model is not in memory. */
	readonly resident: ResidentModel | undefined;
	readonly installed: InstalledModel | undefined;
	/** Measured: memory when resident, else the file on disk. */
	readonly sizeBytes: number;
}

export function candidateOf(node: NodeView, model: string): Candidate {
	const resident = node.resident.get(model);
	const installed = node.installed.get(model);
	return { node, model, resident, installed, sizeBytes: resident?.size ?? installed?.size ?? 0 };
}

/** How many requests of one model the node may run at once. Ollama gives an embedding model one place whatever the setting. */
export function slotsOf({ node, installed }: Candidate): number {
	if (isEmbedder(installed)) return 1;
	return Math.min(parallelOf(node), maxPlacesOf(node));
}

/** How many requests the node may run at once over all models, `extra` of them beside those of one model; embeddings not counted. */
export function crowdCapOf(node: NodeView, extra: number): number {
	return Math.min(parallelOf(node) + extra, maxPlacesOf(node));
}

function maxPlacesOf(node: NodeView): number {
	return node.beat.capacity?.max_places ?? Infinity;
}

/** What Ollama is set to, whatever the owner leaves of it. */
export function parallelOf(node: NodeView): number {
	return node.beat.ollama.settings.num_parallel ?? DEFAULT_PARALLEL;
}

export function isEmbedder(installed: InstalledModel | undefined): boolean {
	const capabilities = installed?.capabilities ?? [];
	return capabilities.includes("embedding") && !capabilities.includes("completion");
}

/** Own requests running on the node, over all models; embeddings have their own place and don't count. */
export function busyOf(node: NodeView): number {
	let busy = 0;
	for (const [model, count] of node.inFlight) if (!isEmbedder(node.installed.get(model))) busy += count;
	return busy;
}

/** The largest model that its owner lets the node load. */
export function ceilingBytes({ beat }: NodeView): number {
	return beat.capacity?.ceiling_bytes ?? Infinity;
}

/** Memory a model could take that is free now: the discrete GPUs' where there are any, else the machine's. */
export function freeMemoryBytes(node: NodeView): number {
	const discrete = discreteGpus(node);
	if (discrete.length === 0) return node.beat.memory.available_bytes;
	return discrete.reduce((sum, gpu) => sum + Math.max(0, (gpu.memory_total_bytes ?? 0) - (gpu.memory_used_bytes ?? 0)), 0);
}

export function discreteGpus(node: NodeView) {
	return node.beat.gpus.filter((gpu) => !gpu.unified && (gpu.memory_total_bytes ?? 0) > 0);
}
