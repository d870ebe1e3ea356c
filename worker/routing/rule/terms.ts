/** What one request would cost on one candidate, term by term, in seconds. Pure. */
import type { Standing } from "./standing.ts";

export interface RequestSize {
	readonly promptTokens: number;
	readonly expectedTokens: number;
}

export interface Terms {
	/** Until a place is free: own work, work booked ahead in this pass, work of others. */
	readonly waitS: number;
	readonly loadS: number;
	readonly prefillS: number;
	readonly decodeS: number;
	/** Prefill and decode take this much longer beside what runs there. */
	readonly sharing: number;
	readonly ttftS: number;
	readonly totalS: number;
	/** What a load would push out, before its weight. */
	readonly evictS: number;
	readonly costS: number;
	/** Tokens of the prompt that the node has read before. */
	readonly knownTokens: number;
}

interface Circumstances {
	readonly knownTokens: number;
	readonly backlogS: number;
	readonly evictWeight: number;
}

export function termsOf(standing: Standing, size: RequestSize, { knownTokens, backlogS, evictWeight }: Circumstances): Terms {
	const { loadS, sharing, evictS } = standing;
	const known = standing.candidate.resident ? knownTokens : 0;
	const { prefillS, decodeS } = serviceS(standing, size, known);
	const waitS = standing.placeWaitS + backlogS + standing.externalWaitS;
	const ttftS = waitS + loadS + prefillS * sharing;
	const totalS = ttftS + decodeS * sharing;
	const costS = ttftS + totalS + evictWeight * evictS;
	return { waitS, loadS, prefillS, decodeS, sharing, ttftS, totalS, evictS, costS, knownTokens: known };
}

/** Alone on the machine, the model in memory. */
export function serviceS(
	{ rates, isEmbedding }: Pick<Standing, "rates" | "isEmbedding">,
	{ promptTokens, expectedTokens }: RequestSize,
	knownTokens: number,
): { prefillS: number; decodeS: number } {
	const uncached = promptTokens - Math.min(promptTokens - 1, knownTokens);
	return {
		prefillS: uncached / rates.prefillTokensPerSecond,
		decodeS: isEmbedding ? 0 : expectedTokens / rates.decodeTokensPerSecond,
	};
}
