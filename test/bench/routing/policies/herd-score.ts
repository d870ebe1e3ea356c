/** The origin's score as documented for 0.6.1 (reference/ollama-herd.md 2), mistakes and all. */
import type { SimView } from "./node-view.ts";

const GB = 1e9;
const WARM_MS = 30 * 60_000;
/** First hit counts; sizes in GB. */
const SIZES: readonly (readonly [words: readonly string[], gb: number])[] = [
	[["671b"], 370],
	[["405b"], 230],
	[["70b"], 40],
	[["32b", "8x7b"], 20],
	[["22b"], 14],
	[["14b"], 9],
	[["7b", "8b"], 5],
	[["3b", "4b"], 2.5],
	[["1b", "0.5b"], 1],
	[["embed"], 0.3],
];
const UNKNOWN_GB = 10;

export interface HerdContext {
	readonly nowMs: number;
	readonly promptTokens: number;
	readonly medianBandwidthGbps: number | undefined;
	/** Memory of the model where some node has it loaded. */
	readonly loadedBytes: number | undefined;
	/** Requests the score counts on the node. */
	readonly depth: number;
}

export function herdScore(view: SimView, model: string, context: HerdContext): number {
	const bandwidth = view.beat.platform.memory_bandwidth_gbps ?? 0;
	const sizeGb = sizeGbOf(view, model, context.loadedBytes);
	return (
		thermal(view, model, context.nowMs) +
		memoryFit(view, model, sizeGb) -
		queueDepth(context, bandwidth) -
		waitTime(view, model, { context, sizeGb, bandwidth }) +
		role(sizeGb, bandwidth) +
		contextFit(view, model, context.promptTokens)
	);
}

export function sizeGbOf(view: SimView, model: string, loadedBytes: number | undefined): number {
	const bytes = view.resident.get(model)?.size ?? loadedBytes;
	if (bytes !== undefined) return bytes / GB;
	const name = model.toLowerCase();
	return SIZES.find(([words]) => words.some((word) => name.includes(word)))?.[1] ?? UNKNOWN_GB;
}

function thermal({ resident, unloadedAt }: SimView, model: string, nowMs: number): number {
	if (resident.has(model)) return 50;
	const unloaded = unloadedAt.get(model);
	return unloaded !== undefined && nowMs - unloaded < WARM_MS ? 30 : 10;
}

function memoryFit({ resident, beat }: SimView, model: string, sizeGb: number): number {
	if (resident.has(model)) return 20;
	const ratio = beat.memory.available_bytes / GB / sizeGb;
	if (ratio > 2) return 20;
	if (ratio > 1.5) return 15;
	return ratio > 1.2 ? 8 : ratio >= 1 ? 3 : 0;
}

function queueDepth({ depth, medianBandwidthGbps }: HerdContext, bandwidth: number): number {
	const ratio = bandwidth && medianBandwidthGbps ? Math.min(4, Math.max(0.25, bandwidth / medianBandwidthGbps)) : 1;
	return Math.min(30, (depth / ratio) * 6);
}

function waitTime(
	{ latencyP75Ms }: SimView,
	model: string,
	{ context: { depth }, sizeGb, bandwidth }: { context: HerdContext; sizeGb: number; bandwidth: number },
): number {
	if (depth === 0) return 0;
	const tokensPerSecond = Math.max(10, (bandwidth * 1.2) / Math.max(1, sizeGb / 10));
	const p75Ms = latencyP75Ms.get(model) ?? (100 / tokensPerSecond) * 1000;
	return Math.min(25, (depth * p75Ms) / 1000 / 10);
}

function role(sizeGb: number, bandwidth: number): number {
	const bonus = Math.min(25, 5 + bandwidth / 40);
	if (sizeGb > 20) return bonus;
	return sizeGb < 8 ? Math.max(3, 18 - 0.6 * bonus) : 0.6 * bonus;
}

function contextFit({ resident }: SimView, model: string, promptTokens: number): number {
	const context = resident.get(model)?.context_length;
	if (!context || promptTokens <= 0) return 0;
	const ratio = context / promptTokens;
	if (ratio < 1) return -15;
	if (ratio < 1.5) return 3;
	return ratio < 3 ? 7.5 : ratio < 8 ? 12 : 15;
}
