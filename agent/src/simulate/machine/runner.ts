/** One loaded model. */
import type { ModelSpec } from "../models.ts";
import type { PrefixCache } from "./prefix-cache.ts";
import type { RunnerOptions } from "./runner-options.ts";
import type { Slots } from "./slots.ts";

export interface Runner {
	/** The weights; names over the same weights share a runner. */
	key: string;
	/** The name that loaded it, as lists show it. */
	name: string;
	model: ModelSpec;
	digest: string;
	asked: RunnerOptions;
	context: number;
	automaticContext: number;
	sizeBytes: number;
	gpuBytes: number;
	gpuShare: number;
	slots: Slots;
	cache: PrefixCache;
	/** Requests that hold it, waiting for a slot or running. */
	references: number;
	/** How many of its slots read a prompt at this moment. */
	reading: number;
	keepAliveMs: number;
	expiresAt: number;
	/** Its process is gone, though nobody noticed yet. */
	dead: boolean;
	/** Fires when the process dies under its requests. */
	death: AbortController;
	stopTimer: () => void;
}
