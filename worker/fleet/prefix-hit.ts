/** Whether a node had read a prompt's beginning before, as was believed: its own counters tell. Pure. */
import type { Measured } from "../protocol/measured.ts";
import type { KnownRates } from "../routing/estimate/rates.ts";
import type { Lease } from "./state.ts";

/** A rate that rests on fewer requests can't tell a miss from a slow machine. */
const FEWEST_SAMPLES = 3;

/**
 * In the node's own tokens (a belief is in estimated ones). 0 when the time it took is nearer to reading everything than to reading
 * only the rest: no counter says how many tokens were remembered (golden/BEHAVIOUR.md f).
 */
export function knownAfterAll({
	lease: { decision, waiting },
	measured: { promptTokens, prefillMs },
	rates,
	sharing,
}: {
	lease: Pick<Lease, "decision" | "waiting">;
	measured: Measured;
	rates: Pick<KnownRates, "prefillTokensPerSecond" | "samples">;
	sharing: number;
}): number {
	const believed = decision.terms.knownTokens;
	if (believed === 0 || promptTokens === undefined) return believed;
	const known = Math.min(promptTokens - 1, believed * (promptTokens / Math.max(1, waiting.request.promptTokens)));
	if (prefillMs === undefined || rates.samples.prefill < FEWEST_SAMPLES) return known;
	const readTokens = ((prefillMs / 1000) * rates.prefillTokensPerSecond) / sharing;
	return readTokens > promptTokens - known / 2 ? 0 : known;
}
