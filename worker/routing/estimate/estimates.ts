/** What has been learned about the fleet's speed. Plain data: JSON in, JSON out, so that it survives a restart. */
import type { Average } from "./average.ts";

/** One model on one node. Absent: not seen yet, the prior holds. */
export interface PairEstimate {
	decodeTokensPerSecond?: Average;
	prefillTokensPerSecond?: Average;
	loadS?: Average;
	/** Memory it was last seen to take, with its context and all its places. */
	residentBytes?: number;
}

export type Speed = "decode" | "prefill" | "load";

export interface Estimates {
	/** By node id, then by canonical model name (neither can be a name of Object's own). */
	readonly pairs: Record<string, Record<string, PairEstimate>>;
	/** Tokens of an answer, by app and model, and by app alone (`outputKey`). */
	readonly outputs: Record<string, Average>;
	/** Logarithms of what priors are off by (`skewOf`). */
	readonly skews: Readonly<Record<Speed, Skews>>;
}

export interface Skews {
	readonly byNode: Record<string, number>;
	readonly byModel: Record<string, number>;
}

export function emptyEstimates(): Estimates {
	return { pairs: {}, outputs: {}, skews: { decode: noSkews(), prefill: noSkews(), load: noSkews() } };
}

export function pairOf({ pairs }: Estimates, nodeId: string, model: string): PairEstimate | undefined {
	return pairs[nodeId]?.[model];
}

/** The entry to write to, made when there is none. */
export function openPair({ pairs }: Estimates, nodeId: string, model: string): PairEstimate {
	return ((pairs[nodeId] ??= {})[model] ??= {});
}

/** A machine that left for good takes its figures with it. */
export function forgetNode({ pairs, skews }: Estimates, nodeId: string): void {
	delete pairs[nodeId];
	for (const { byNode } of Object.values(skews)) delete byNode[nodeId];
}

function noSkews(): Skews {
	return { byNode: {}, byModel: {} };
}
