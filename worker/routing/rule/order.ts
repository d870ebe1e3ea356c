/** Who is looked at first: class, then the shortest job, with waiting making up for length. Pure over the notes given. */
import type { RequestClass } from "../../protocol/inference.ts";
import { type Board, ratesFor } from "./board.ts";
import { recentUseS } from "./demand.ts";
import { noted } from "./knowledge.ts";
import { sizeOf } from "./pick.ts";
import type { Waiting } from "./view.ts";

const CLASS_RANK: Record<RequestClass, number> = { interactive: 0, agent: 1, batch: 2 };
const SOLO_KEPT_FOR_MS = 5_000;

/** A key with more than this waiting floods the fleet; one with fewer pays nothing for what it got. */
const FLOOD = 8;

export function inOrder(board: Board): Waiting[] {
	const floods = floodingKeys(board.waiting);
	const ranked = board.waiting.map((waiting) => ({
		waiting,
		group: groupOf(board, waiting),
		rank: rankOf(board, waiting) + (floods.has(waiting.key) ? setbackOf(board, waiting) : 0),
	}));
	ranked.sort((a, b) => a.group - b.group || a.rank - b.rank || a.waiting.since - b.waiting.since || byId(a.waiting, b.waiting));
	return ranked.map(({ waiting }) => waiting);
}

function groupOf({ settings: { batchMaxWaitS = Infinity }, now }: Board, { request: { requestClass }, since }: Waiting): number {
	if (requestClass === "batch" && (now - since) / 1000 >= batchMaxWaitS) return -1;
	return CLASS_RANK[requestClass];
}

function rankOf(board: Board, waiting: Waiting): number {
	const { settings, knowledge, now } = board;
	const soloS = noted(knowledge.solo, waiting.request.id, { now, maxAgeMs: SOLO_KEPT_FOR_MS }, () => shortestS(board, waiting));
	return soloS - settings.ageing * ((now - waiting.since) / 1000);
}

/** The more of the fleet's time a flooding key got lately, the longer others go before it. */
function setbackOf({ settings, knowledge, now }: Board, { key }: Waiting): number {
	return settings.fairShare * recentUseS(knowledge.demand, key, now);
}

function floodingKeys(waiting: readonly Waiting[]): Set<string> {
	const counts = new Map<string, number>();
	for (const { key } of waiting) counts.set(key, (counts.get(key) ?? 0) + 1);
	return new Set([...counts].filter(([, count]) => count > FLOOD).map(([key]) => key));
}

/** Prefill and decode on the node that would be fastest. */
function shortestS(board: Board, waiting: Waiting): number {
	const { promptTokens, expectedTokens } = sizeOf(board, waiting);
	const known = Math.max(0, ...board.knowledge.prefixes.known(waiting.model, waiting.marks).values());
	const uncached = promptTokens - Math.min(promptTokens - 1, known);
	let shortest = Infinity;
	for (const { prefillTokensPerSecond, decodeTokensPerSecond } of ratesFor(board, waiting.model)) {
		shortest = Math.min(shortest, uncached / prefillTokensPerSecond + expectedTokens / decodeTokensPerSecond);
	}
	return Number.isFinite(shortest) ? shortest : 0;
}

function byId(a: Waiting, b: Waiting): number {
	return a.request.id < b.request.id ? -1 : 1;
}
