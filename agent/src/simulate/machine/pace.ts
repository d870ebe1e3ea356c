/** How long things take and how much they hold: the formulas, without any state. */
import type { ModelSpec } from "../models.ts";
import type { MachineProfile } from "../profiles.ts";

const RUNNER_BYTES = 0.5e9;
const MIB = 1024 ** 2;

export function isEmbedding(model: ModelSpec): boolean {
	return model.capabilities.includes("embedding");
}

/** Batch buffers grow with the context. */
function batchSurchargeBytes(contextTokens: number): number {
	if (contextTokens <= 4096) return 0;
	return contextTokens <= 32_768 ? 768 * MIB : 2048 * MIB;
}

/** Everything a runner holds: weights, the cache for all its slots, buffers. */
export function runnerBytes(model: ModelSpec, context: number, parallel: number): number {
	const tokens = context * parallel;
	if (model.fileBytes < RUNNER_BYTES) return model.fileBytes + model.kvBytesPerToken * tokens;
	return model.fileBytes + model.kvBytesPerToken * tokens + RUNNER_BYTES + batchSurchargeBytes(tokens);
}

/** Milliseconds for one more token with `cachedTokens` before it, alone on the machine. */
export function tokenMs(profile: MachineProfile, model: ModelSpec, gpuShare: number, cachedTokens: number): number {
	if (model.millisecondsPerToken) return model.millisecondsPerToken.decode;
	const onGpu = profile.gpuUsableBytes > 0 ? gpuShare : 1;
	const spilled = model.activeBytes * (1 - onGpu);
	const near = model.activeBytes * onGpu + cachedTokens * model.kvBytesPerToken;
	return profile.tokenOverheadMs + (near / profile.decodeGbps + spilled / profile.spillGbps) / 1e6;
}

/** Milliseconds to read `tokens` of a prompt that are in no cache. */
export function prefillMs(profile: MachineProfile, model: ModelSpec, gpuShare: number, tokens: number): number {
	if (model.millisecondsPerToken) return model.millisecondsPerToken.prefill * tokens;
	if (isEmbedding(model)) return (tokens * 1000) / profile.embeddingRate;
	const onGpu = profile.gpuUsableBytes > 0 ? gpuShare : 1;
	const rate = profile.prefillRate * onGpu + profile.spillPrefillRate * (1 - onGpu);
	return (tokens * model.activeParameters * 1000) / rate;
}

/** A file read before comes from the page cache. */
export function loadMs(profile: MachineProfile, model: ModelSpec, readBefore: boolean): number {
	const rate = readBefore ? profile.warmLoadGbps : profile.loadGbps;
	return profile.startMs + model.fileBytes / rate / 1e6;
}

/** How much slower one of `busySlots` streams of a runner is than one alone. */
export function slotSlowdown(profile: MachineProfile, model: ModelSpec, busySlots: number): number {
	const exponent = model.mixture ? profile.batchExponent.mixture : profile.batchExponent.dense;
	return Math.max(1, busySlots) ** (1 - exponent);
}

/** Prompt tokens read between two looks at whether the client is still there. */
export function batchTokens(context: number, explicit: number | undefined): number {
	if (explicit !== undefined) return Math.max(1, explicit);
	if (context <= 4096) return 512;
	return context <= 32_768 ? 1024 : 2048;
}
