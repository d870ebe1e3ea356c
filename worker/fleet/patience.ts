/** How long a node may take to its first byte before another is tried: much longer than it usually does, not for ever. Pure. */
import type { Decision } from "../routing/rule/decision.ts";

/** Estimates that rest on fewer requests than this are no ground to give up on. */
const FEWEST_SAMPLES = 3;
const LEAST_MS = 60_000;
const TIMES_EXPECTED = 10;

/** Undefined where nothing was learned yet: the configured time holds. Of streams only: one whole answer comes when it is ready. */
export function patienceMs({ terms, candidates: [chosen], resident }: Decision): number | undefined {
	if (!chosen || chosen.samples.prefill < FEWEST_SAMPLES || (!resident && chosen.samples.load === 0)) return undefined;
	return LEAST_MS + TIMES_EXPECTED * 1000 * (terms.loadS + terms.prefillS * terms.sharing);
}
