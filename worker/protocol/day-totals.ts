/** Sums over the requests of some minutes. */
export interface TotalsPart {
	/** Number of the part: epoch seconds divided by `PART_S`. */
	readonly part: number;
	readonly requests: number;
	readonly failed: number;
	readonly retries: number;
	readonly disconnects: number;
	readonly incomplete: number;
	readonly loads: number;
	readonly firstTokens: number;
	readonly firstTokensMs: number;
}

export const PART_S = 600;
