/** Whether a model that is not in memory could be loaded on a node at all. Pure. */
import { type Candidate, discreteGpus, freeMemoryBytes, type NodeView } from "./candidate.ts";

const GIB = 1024 ** 3;
/** Buffers beside the weights (routing study 1.1). Context memory is not known before a load. */
const LOAD_SURCHARGE_BYTES = 0.5 * GIB;
/** Ollama spills layers to system memory: slow, but it works until about here (routing study 1.1). */
const SPILL_FACTOR = 1.35;
/** Metal's recommended working set is two thirds to three quarters of the memory. */
const UNIFIED_USABLE_RATIO = 0.75;
/** A CPU node needs the rest for its system. */
const SYSTEM_USABLE_RATIO = 0.8;

/** False when neither free memory nor what Ollama could evict would hold the model. */
export function fits({ node, sizeBytes }: Candidate): boolean {
	return loadedBytes(sizeBytes) <= roomBytes(node);
}

/** What a model of this size takes in memory, at least. */
export function loadedBytes(sizeBytes: number): number {
	return sizeBytes + LOAD_SURCHARGE_BYTES;
}

/** What the largest model could take on the node, everything else pushed out. */
export function roomBytes(node: NodeView): number {
	const spillingBytes = SPILL_FACTOR * usableBytes(node);
	if (discreteGpus(node).length > 0) return spillingBytes;
	return Math.min(spillingBytes, freeMemoryBytes(node) + residentBytes(node));
}

/** What models can fill together, without spilling. */
export function usableBytes(node: NodeView): number {
	return gpuBytes(node) ?? SYSTEM_USABLE_RATIO * node.beat.memory.total_bytes;
}

/** What models can fill of the graphics cards, or of the memory they share; undefined without any, where Ollama does not look. */
export function gpuBytes(node: NodeView): number | undefined {
	const discrete = discreteGpus(node);
	if (discrete.length > 0) return discrete.reduce((sum, gpu) => sum + (gpu.memory_total_bytes ?? 0), 0);
	return node.beat.gpus.some(({ unified }) => unified) ? UNIFIED_USABLE_RATIO * node.beat.memory.total_bytes : undefined;
}

function residentBytes(node: NodeView): number {
	let sum = 0;
	for (const model of node.resident.values()) sum += model.size;
	return sum;
}
