/** How much longer running work takes. Pure. */
import type { Rates } from "../estimate/priors.ts";
import type { Job } from "./view.ts";

/** An estimate that has run out is not zero: the job is still there. */
const LEAST_OF_ESTIMATE = 0.15;
const LEAST_OF_ANSWER = 0.3;
/** Elapsed time counts for a little less, because something else ran meanwhile. */
const ELAPSED_COUNTS = 0.9;

/** Seconds, alone on the machine. */
export function remainingS(job: Job, rates: Rates, now: number): number {
	if (job.firstTokenAt === undefined || job.isEmbedding) {
		const elapsedS = (now - job.startedAt) / 1000;
		return Math.max(LEAST_OF_ESTIMATE * job.estimateS, job.estimateS - ELAPSED_COUNTS * elapsedS);
	}
	const left = Math.max(job.expectedTokens - streamedTokens(job, rates, now), LEAST_OF_ANSWER * job.expectedTokens);
	return left / rates.decodeTokensPerSecond;
}

function streamedTokens({ streamedTokens: counted, firstTokenAt = 0 }: Job, rates: Rates, now: number): number {
	return counted ?? ((now - firstTokenAt) / 1000) * rates.decodeTokensPerSecond;
}
