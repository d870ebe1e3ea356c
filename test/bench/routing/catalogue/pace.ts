/** How long things take on a machine, to itself (reference/ollama-api.md 6.1). Pure; seconds. */
import type { MachineSpec } from "./machines.ts";
import type { ModelSpec } from "./models.ts";

const GB = 1e9;

/** `gpuShare`: the part of the runner that fits the GPU. */
export function tokenS(machine: MachineSpec, model: ModelSpec, gpuShare: number, cachedTokens: number): number {
	const near = (model.activeBytes * gpuShare + cachedTokens * model.kvBytesPerToken) / machine.decodeGbps;
	const far = (model.activeBytes * (1 - gpuShare)) / machine.spillGbps;
	return machine.overheadS + (near + far) / GB;
}

export function decodeS(machine: MachineSpec, model: ModelSpec, { gpuShare, promptTokens, outputTokens }: Decode): number {
	return outputTokens * tokenS(machine, model, gpuShare, promptTokens + outputTokens / 2);
}

interface Decode {
	readonly gpuShare: number;
	readonly promptTokens: number;
	readonly outputTokens: number;
}

export function prefillRate(machine: MachineSpec, model: ModelSpec, gpuShare: number): number {
	if (model.isEmbedding) return machine.embeddingRate;
	return (machine.prefillRate * gpuShare + machine.spillPrefillRate * (1 - gpuShare)) / model.activeParameters;
}

export function loadS(machine: MachineSpec, model: ModelSpec): number {
	return machine.startS + model.fileBytes / GB / machine.loadGbps;
}
