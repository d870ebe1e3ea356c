/** A choice with all that led to it, for headers, traces and the page. Pure. */
import type { Reason } from "../eligibility.ts";
import type { Breakdown } from "../score.ts";
import type { Picked, Rated } from "./pick.ts";
import type { Terms } from "./terms.ts";
import type { Job, Waiting } from "./view.ts";

/** Why this node, in one word: `X-Fleet-Reason` and the trace. */
export type RuleReason =
	| "only-node"
	| "affinity"
	| "hot-idle"
	| "hot-shared"
	| "wait-hot"
	| "cold-idle"
	| "cold-shared"
	| "wait-cold"
	| "evict"
	/** Another model than the one asked for; the caller's word, not the rule's. */
	| "fallback";

/** One candidate as `explain` shows it. */
export interface CandidateLine {
	readonly nodeId: string;
	readonly resident: boolean;
	readonly isFull: boolean;
	readonly isShortlisted: boolean;
	readonly points: Breakdown;
	readonly terms: Terms;
	/** Requests the rates rest on. */
	readonly samples: Readonly<Record<"decode" | "prefill" | "load", number>>;
	/** Models that a load is expected to push out. */
	readonly victims: readonly string[];
}

export type Against = Readonly<Partial<Record<Reason, number>>>;

export interface Decision {
	readonly nodeId: string;
	readonly model: string;
	readonly reason: RuleReason;
	readonly resident: boolean;
	readonly breakdown: Breakdown;
	readonly terms: Terms;
	readonly victims: readonly string[];
	readonly expectedTokens: number;
	readonly candidateCount: number;
	/** How many nodes were out of the question, by reason; those without the model are not counted. */
	readonly against: Against;
	/** The chosen one first, then the shortlist by points, then others by cost. */
	readonly candidates: readonly CandidateLine[];
}

const CANDIDATES_KEPT = 8;

export function decisionOf(picked: Picked, model: string, against: Against): Decision {
	const { best, shortlist, candidateCount, size } = picked;
	const others = shortlist
		.filter((rated) => rated !== best)
		.sort((a, b) => b.points.total - a.points.total || a.terms.costS - b.terms.costS);
	const short = [best, ...others].slice(0, CANDIDATES_KEPT);
	const rest = short.length < CANDIDATES_KEPT ? picked.nextCheapest(CANDIDATES_KEPT - short.length) : [];
	return {
		nodeId: best.contender.work.node.nodeId,
		model,
		reason: reasonOf(best, candidateCount),
		resident: best.standing.candidate.resident !== undefined,
		breakdown: best.points,
		terms: best.terms,
		victims: best.standing.victims,
		expectedTokens: size.expectedTokens,
		candidateCount,
		against,
		candidates: [...short.map((rated) => lineOf(rated, true)), ...rest.map((rated) => lineOf(rated, false))],
	};
}

export function lineOf({ contender, standing, terms, points }: Rated, isShortlisted: boolean): CandidateLine {
	return {
		nodeId: contender.work.node.nodeId,
		resident: standing.candidate.resident !== undefined,
		isFull: standing.isFull,
		isShortlisted,
		points,
		terms: toMilliseconds(terms),
		samples: standing.rates.samples,
		victims: standing.victims,
	};
}

/** A trace keeps eight of these, so no digit more than a person could use. */
function toMilliseconds(terms: Terms): Terms {
	return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, Math.round(value * 1000) / 1000])) as unknown as Terms;
}

/** The request as it will run: what later decisions reckon with. */
export function jobOf({ request }: Waiting, { best: { standing, terms }, size }: Picked, now: number): Job {
	return {
		requestId: request.id,
		model: standing.candidate.model,
		requestClass: request.requestClass,
		isEmbedding: standing.isEmbedding,
		startedAt: now,
		estimateS: terms.loadS + terms.prefillS + terms.decodeS,
		expectedTokens: size.expectedTokens,
		pushesOut: standing.victims,
	};
}

function reasonOf({ standing, terms, contender }: Rated, candidateCount: number): RuleReason {
	if (candidateCount === 1) return "only-node";
	const waits = standing.isFull || contender.work.backlogS > 0;
	if (!standing.candidate.resident) {
		if (standing.victims.length > 0) return "evict";
		return waits ? "wait-cold" : standing.busy === 0 ? "cold-idle" : "cold-shared";
	}
	if (waits) return "wait-hot";
	if (terms.knownTokens > 0) return "affinity";
	return standing.busy === 0 ? "hot-idle" : "hot-shared";
}
