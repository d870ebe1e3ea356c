/** What a model in memory is doing there. Pure. */
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { span } from "../format.ts";

export type ResidentModel = NodeSnapshot["ollama"]["models_loaded"][number];

/** Beyond this the model was loaded to stay: Ollama writes "forever" as a date centuries away. */
const STAYS_MS = 7 * 24 * 3600_000;
/** Rounding of sizes must not read as spilling. */
const WHOLLY_ON_GPU = 0.98;

/** `busy`, `busy with 2`, `idle, leaves in 4 min`, `idle, stays`. `now` is epoch milliseconds. */
export function occupancyWords(model: ResidentModel, now: number): string {
	if (model.requests_active > 1) return `busy with ${model.requests_active}`;
	if (model.requests_active === 1) return "busy";
	const leavesInMs = Date.parse(model.expires_at ?? "") - now;
	if (Number.isNaN(leavesInMs)) return "idle";
	if (leavesInMs > STAYS_MS) return "idle, stays";
	return leavesInMs > 0 ? `idle, leaves in ${span(leavesInMs)}` : "idle, leaving";
}

/** Where a model lies that is not wholly in GPU memory: the usual cause of a slow answer. Only told of machines with a GPU. */
export function spillWords({ size_gb, size_vram_gb }: ResidentModel, hasGpu: boolean): string | undefined {
	if (!hasGpu || size_vram_gb === undefined || size_gb <= 0) return undefined;
	const onGpu = size_vram_gb / size_gb;
	if (onGpu >= WHOLLY_ON_GPU) return undefined;
	return onGpu <= 0 ? "on CPU only" : `${Math.round(onGpu * 100)} % on GPU`;
}

/** Names on disk that are not in memory, in order. */
export function onDiskOnly({ ollama }: NodeSnapshot): string[] {
	const resident = new Set(ollama.models_loaded.map((model) => model.name));
	return ollama.models_available.filter((name) => !resident.has(name)).sort((a, b) => a.localeCompare(b));
}
