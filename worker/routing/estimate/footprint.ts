/** How much memory a model takes when it is loaded. Pure over the estimates given. */
import { type Estimates, openPair, pairOf } from "./estimates.ts";

const GB = 1e9;
const KIB = 1024;
const RUNNER_BYTES = 0.5 * GB;
/** Buffers grow with the context (reference/ollama-api.md 4.4). */
const SURCHARGES: readonly (readonly [tokens: number, bytes: number])[] = [
	[4096, 0],
	[32_768, 0.77 * GB],
];
const LARGEST_SURCHARGE_BYTES = 2 * GB;
/** The 8b of the llama family, from which others are guessed. */
const KNOWN_MODEL = { fileBytes: 4.92 * GB, kvBytesPerToken: 128 * KIB };

export interface Load {
	readonly fileBytes: number;
	/** Of one place. */
	readonly contextTokens: number;
	readonly slots: number;
	/** Absent: guessed from the size. */
	readonly kvBytesPerToken?: number;
}

/** Ollama's own reckoning before a load. */
export function neededBytes({ fileBytes, contextTokens, slots, kvBytesPerToken = guessKvBytes(fileBytes) }: Load): number {
	const tokens = contextTokens * slots;
	const surcharge = SURCHARGES.find(([limit]) => tokens <= limit)?.[1] ?? LARGEST_SURCHARGE_BYTES;
	return fileBytes + kvBytesPerToken * tokens + RUNNER_BYTES + surcharge;
}

/** Neither `/api/tags` nor `/api/ps` tells it; it grows with width and depth, roughly with the root of the size. */
export function guessKvBytes(fileBytes: number): number {
	return KNOWN_MODEL.kvBytesPerToken * Math.sqrt(fileBytes / KNOWN_MODEL.fileBytes);
}

/** A beat showed the model in memory: no guess is needed for its next load there. */
export function learnFootprint(estimates: Estimates, { nodeId, model, bytes }: { nodeId: string; model: string; bytes: number }): void {
	if (bytes > 0) openPair(estimates, nodeId, model).residentBytes = bytes;
}

export function footprintOf(estimates: Estimates, { nodeId, model, load }: { nodeId: string; model: string; load: Load }): number {
	return pairOf(estimates, nodeId, model)?.residentBytes ?? neededBytes(load);
}
