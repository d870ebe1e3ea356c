/** Seconds shortlist, points choose: the candidate for one request, whether or not it has a place now. Pure. */
import { expectedTokens } from "../estimate/output.ts";
import type { Breakdown } from "../score.ts";
import type { Board } from "./board.ts";
import { type Contender, refreshed } from "./contenders.ts";
import { pointsOf } from "./points.ts";
import type { Standing } from "./standing.ts";
import { type RequestSize, type Terms, termsOf } from "./terms.ts";
import type { Waiting } from "./view.ts";

/** Breaks ties of points: a second is worth a thousandth of a point. */
const POINTS_PER_SECOND = 0.001;

export interface Priced {
	readonly contender: Contender;
	readonly standing: Standing;
	readonly terms: Terms;
}

export interface Rated extends Priced {
	readonly points: Breakdown;
}

export interface Picked {
	readonly best: Rated;
	/** Those near enough to the cheapest, in the fleet's order. */
	readonly shortlist: readonly Rated[];
	readonly candidateCount: number;
	readonly size: RequestSize;
	/** The cheapest that are not on the shortlist, up to so many; found and rated when asked for. */
	readonly nextCheapest: (count: number) => readonly Rated[];
}

/** Undefined without contenders. */
export function pick(board: Board, waiting: Waiting, contenders: readonly Contender[]): Picked | undefined {
	const price = pricing(board, waiting);
	const costs = contenders.map((contender) => price(contender).terms.costS);
	const limit = shortlistLimit(board, costs);
	const short = contenders.filter((_, index) => (costs[index] ?? Infinity) <= limit);
	const shortlist = short.map((contender) => rate(board, waiting, price(contender)));
	let [best] = shortlist;
	for (const rated of shortlist) if (best && isBetter(rated, best)) best = rated;
	const nextCheapest = (count: number) => {
		const others = contenders
			.map((contender, index) => ({ contender, costS: costs[index] ?? Infinity }))
			.filter(({ costS }) => costS > limit);
		return firstByCost(others, count).map(({ contender }) => rate(board, waiting, price(contender)));
	};
	return best && { best, shortlist, candidateCount: contenders.length, size: sizeOf(board, waiting), nextCheapest };
}

/** Without sorting all: there may be hundreds. */
function firstByCost<Item extends { readonly costS: number }>(items: readonly Item[], count: number): Item[] {
	const found: Item[] = [];
	for (const item of items) {
		const at = found.findIndex(({ costS }) => item.costS < costS);
		if (at === -1 && found.length >= count) continue;
		found.splice(at === -1 ? found.length : at, 0, item);
		found.length = Math.min(found.length, count);
	}
	return found;
}

/** What a request would cost on a contender as things are at this point of the pass. */
export function pricing(board: Board, waiting: Waiting): (contender: Contender) => Priced {
	const { evictWeight } = board.settings;
	const size = sizeOf(board, waiting);
	const known = board.knowledge.prefixes.known(waiting.model, waiting.marks);
	return (contender) => {
		const { work } = contender;
		const standing = refreshed(board, contender, waiting);
		const knownTokens = known.size === 0 ? 0 : (known.get(work.node.nodeId) ?? 0);
		return { contender, standing, terms: termsOf(standing, size, { knownTokens, backlogS: work.backlogS, evictWeight }) };
	};
}

export function sizeOf({ knowledge }: Board, { request, app, model }: Waiting): RequestSize {
	return { promptTokens: request.promptTokens, expectedTokens: expectedTokens(knowledge.estimates, app, model) };
}

export function rate({ now, index }: Board, { request }: Waiting, priced: Priced): Rated {
	const context = { now, promptTokens: request.promptTokens, medianBandwidthGbps: index.medianBandwidthGbps };
	return { ...priced, points: pointsOf(priced.standing.candidate, priced.contender.work, context) };
}

function shortlistLimit({ settings }: Board, costs: readonly number[]): number {
	let cheapest = Infinity;
	for (const cost of costs) cheapest = Math.min(cheapest, cost);
	return cheapest + Math.max(settings.shortlistS, settings.shortlistRatio * cheapest);
}

/** Equal ones in the order of their names: no randomness, and no dependence on who joined first. */
function isBetter(one: Rated, other: Rated): boolean {
	const difference = worth(one) - worth(other);
	if (difference !== 0) return difference > 0;
	return one.contender.work.node.nodeId < other.contender.work.node.nodeId;
}

function worth({ points, terms }: Rated): number {
	return points.total - POINTS_PER_SECOND * terms.costS;
}
