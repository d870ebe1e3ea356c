/** A dry run for one request: every candidate with its cost term by term, and what is against the others. Pure. */
import type { Reason } from "../eligibility.ts";
import { openBoard, type PassInput } from "./board.ts";
import { contendersFor, openTo, reasonsAgainstNode } from "./contenders.ts";
import { type CandidateLine, type Decision, decisionOf, lineOf } from "./decision.ts";
import { pick, pricing, rate } from "./pick.ts";
import type { Waiting } from "./view.ts";

export interface Explanation {
	/** What would be chosen with nothing waiting ahead; undefined when no node can serve it. */
	readonly decision: Decision | undefined;
	/** The cheapest first. */
	readonly candidates: readonly CandidateLine[];
	readonly against: Readonly<Record<string, readonly Reason[]>>;
}

export function explain(input: Omit<PassInput, "waiting">, waiting: Waiting): Explanation {
	const board = openBoard({ ...input, waiting: [waiting] });
	const contenders = contendersFor(board, waiting);
	const open = openTo(contenders, waiting);
	const picked = pick(board, waiting, open);
	const short = new Set(picked?.shortlist.map(({ contender }) => contender));
	const price = pricing(board, waiting);
	const candidates = open.map((contender) => lineOf(rate(board, waiting, price(contender)), short.has(contender)));
	const against = input.index.nodes
		.map((node) => [node.nodeId, reasonsAgainstNode(node, waiting)] as const)
		.filter(([, reasons]) => reasons.length > 0);
	return {
		decision: picked && decisionOf(picked, waiting.model, contenders.against),
		candidates: candidates.sort((a, b) => a.terms.costS - b.terms.costS),
		against: Object.fromEntries(against),
	};
}
