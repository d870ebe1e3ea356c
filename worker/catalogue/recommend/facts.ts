/** What recommending must know. Sizes in bytes. */
import type { CatalogueModel, Category } from "../lookup.ts";

export interface InstalledFact {
	/** Canonical. */
	readonly model: string;
	readonly sizeBytes: number;
	/** Undefined: never through the router. */
	readonly daysUnused: number | undefined;
	/** In memory, at work, or pinned: not to be deleted. */
	readonly isKept: boolean;
}

export interface Speed {
	readonly tokensPerSecond: number;
	readonly isMeasured: boolean;
}

export interface NodeFacts {
	readonly nodeId: string;
	readonly totalBytes: number;
	/** What models can fill together. */
	readonly usableBytes: number;
	/** "graphics memory" or "memory", for words. */
	readonly memoryWord: string;
	readonly disk: { readonly totalBytes: number; readonly availableBytes: number } | undefined;
	/** Names of those in memory. */
	readonly loaded: readonly string[];
	readonly installed: readonly InstalledFact[];
	/** In memory, with a usual context and all its places. */
	readonly neededBytes: (model: CatalogueModel) => number;
	readonly speedOf: (model: CatalogueModel) => Speed;
}

/** How much is asked for. */
export interface Demand {
	readonly totalRequests: number;
	/** Most asked for first. */
	readonly models: readonly { readonly model: string; readonly requests: number; readonly category: Category }[];
}
