import type { Candidate } from "./candidate.ts";

/** What a signal may look at beside the candidate. */
export interface SignalContext {
	/** Epoch milliseconds. */
	readonly now: number;
	readonly promptTokens: number;
	/** Over the nodes that are not offline; undefined when no node knows its own. */
	readonly medianBandwidthGbps: number | undefined;
}

/** Rates one candidate from 0 to 1 (context fit from -1): pure, no clock, no log. The weight is the policy's. */
export type Signal = (candidate: Candidate, context: SignalContext) => number;
