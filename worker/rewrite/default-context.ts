/** The context Ollama gives a model that is loaded without asking for one (reference/ollama-api.md 4.3). Pure. */
import type { Gpu, Heartbeat } from "../protocol/heartbeat.ts";

const GIB = 1024 ** 3;
const SMALLEST_TIER = 4096;
/** By the memory of all GPUs together. */
const TIERS = [
	{ fromBytes: 47 * GIB, context: 262_144 },
	{ fromBytes: 23 * GIB, context: 32_768 },
] as const;
/** The most of a Mac's memory that Metal was seen to offer. An agent reports the least, and a default taken too low would shrink contexts. */
const METAL_RATIO = 0.84;

/** Never too low: in doubt the higher tier. Undefined when a card's memory is not known. */
export function defaultContext(beat: Heartbeat, trainedContext: number | undefined): number | undefined {
	const context = beat.ollama.settings.context_length || tierOf(beat);
	return context === undefined ? undefined : Math.min(context, trainedContext ?? context);
}

function tierOf(beat: Heartbeat): number | undefined {
	let totalBytes = 0;
	for (const gpu of beat.gpus) {
		const bytes = memoryBytes(gpu, beat);
		if (bytes === undefined) return undefined;
		totalBytes += bytes;
	}
	return TIERS.find(({ fromBytes }) => totalBytes >= fromBytes)?.context ?? SMALLEST_TIER;
}

function memoryBytes(gpu: Gpu, { memory }: Heartbeat): number | undefined {
	const reported = gpu.memory_total_bytes;
	if (gpu.vendor === "apple") return Math.max(reported ?? 0, METAL_RATIO * memory.total_bytes);
	return reported ?? (gpu.unified ? memory.total_bytes : undefined);
}
