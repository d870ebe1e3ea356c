/** Choices in the form that the fleet tells them in. Pure. */
import type { CandidateReport, DecisionReport } from "../protocol/decision.ts";
import type { CandidateLine, Decision } from "../routing/rule/decision.ts";
import type { Lease } from "./state.ts";

/** A kept decision takes no more than this (DESIGN section 7). */
const MOST_CHARACTERS = 4_096;

export interface Circumstances {
	readonly because: string;
	readonly promptTokens: number;
	/** Epoch milliseconds. */
	readonly decidedAt: number;
}

export function decisionReport(decision: Decision, { because, promptTokens, decidedAt }: Circumstances): DecisionReport {
	const { nodeId, model, reason, expectedTokens, candidateCount, candidates, against } = decision;
	return {
		node_id: nodeId,
		model,
		reason,
		because,
		decided_at: decidedAt / 1000,
		prompt_tokens: promptTokens,
		expected_tokens: Math.round(expectedTokens),
		candidates_total: candidateCount,
		candidates: candidates.map((line) => candidateReport(line, model)),
		against,
	};
}

export function candidateReport(
	{ nodeId, resident, isFull, isShortlisted, points, terms, samples, victims }: CandidateLine,
	model: string,
) {
	const report: CandidateReport = {
		node_id: nodeId,
		model,
		resident,
		full: isFull,
		shortlisted: isShortlisted,
		points,
		seconds: {
			wait: terms.waitS,
			load: terms.loadS,
			prefill: terms.prefillS,
			decode: terms.decodeS,
			sharing: terms.sharing,
			first_token: terms.ttftS,
			completion: terms.totalS,
			evicted_value: terms.evictS,
			cost: terms.costS,
		},
		known_tokens: terms.knownTokens,
		samples,
		evicts: [...victims],
	};
	return report;
}

/** For keeping: the least interesting candidates go when there is too much. */
export function compactJson(report: DecisionReport): string {
	const candidates = [...report.candidates];
	for (;;) {
		const text = JSON.stringify({ ...report, candidates });
		if (text.length <= MOST_CHARACTERS || candidates.length === 1) return text;
		candidates.pop();
	}
}

/** Of a request that held this place, for keeping. */
export function keptReport({ decision, waiting, because, job }: Lease): string {
	const { promptTokens } = waiting.request;
	return compactJson(decisionReport(decision, { because, promptTokens, decidedAt: job.startedAt }));
}
