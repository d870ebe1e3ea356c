/** One request of a run. */

/** Times in milliseconds; undefined where the answer did not tell. */
export interface Sample {
	/** From sending to the last byte, the wait for a place included. */
	readonly latencyMs: number;
	/** From the place to the first token. */
	readonly ttftMs?: number;
	readonly promptTokens: number;
	readonly completionTokens: number;
	readonly prefillMs?: number;
	readonly decodeMs?: number;
	/** Absent: it was answered. */
	readonly error?: string;
}

export function failed(error: string, latencyMs: number): Sample {
	return { latencyMs, promptTokens: 0, completionTokens: 0, error };
}
