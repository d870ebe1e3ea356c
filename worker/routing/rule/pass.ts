/**
 * The dispatch rule: one look at everything that waits, in order, binding what can start now (routing study 1.2 and 1.3).
 * The nodes and requests given stay as they are; the caller does what the outcomes say. Same input, same outcomes.
 */
import type { Reason } from "../eligibility.ts";
import { type Board, book, copiesOf, giveJob, openBoard, type PassInput } from "./board.ts";
import { type Contender, contendersFor, hasPlace, openTo, reasonsAgainstNode } from "./contenders.ts";
import { type Against, type Decision, decisionOf, jobOf } from "./decision.ts";
import { inOrder } from "./order.ts";
import { pick } from "./pick.ts";
import type { Job, Waiting } from "./view.ts";

export type Outcome =
	/** To be sent now; `job` is to be added to the node's, and the decision's `victims` are no longer in its memory. */
	| { readonly kind: "assigned"; readonly waiting: Waiting; readonly decision: Decision; readonly job: Job }
	/** Waits on, unbound. A decision says for which node it would wait as things are. */
	| { readonly kind: "left"; readonly waiting: Waiting; readonly why: LeftReason; readonly decision?: Decision }
	/** No node can serve it, however long it waits: what is against each. */
	| { readonly kind: "refused"; readonly waiting: Waiting; readonly reasons: Record<string, Reason[]> };

/** `full`: the chosen node has no place. `booked`: requests ahead wait for it. `no-place`: nobody has one. `scan-limit`: see SCAN. */
export type LeftReason = "full" | "booked" | "no-place" | "scan-limit";

/**
 * Requests of one model looked at in vain before the rest of them is passed over: enough that their booked work shows up as a
 * reason to load another copy, few enough to end. A flat number starves (routing study 3).
 */
const SCAN = { base: 4, perCopy: 6, most: 64 };

export function rulePass(input: PassInput): Outcome[] {
	const board = openBoard(input);
	return inOrder(board).map((waiting) => placeOne(board, waiting));
}

function placeOne(board: Board, waiting: Waiting): Outcome {
	const contenders = contendersFor(board, waiting);
	const open = openTo(contenders, waiting);
	if (open.length === 0) return { kind: "refused", waiting, reasons: refusal(board, waiting) };
	if (board.bound >= (board.mostBound ?? Infinity)) return { kind: "left", waiting, why: "scan-limit" };
	const limit = Math.min(SCAN.most, SCAN.base + SCAN.perCopy * copiesOf(board, waiting.model));
	if ((board.left.get(waiting.model) ?? 0) >= limit) return { kind: "left", waiting, why: "scan-limit" };
	if (contenders.isFull || !someoneHasPlace(board, waiting, open)) {
		contenders.isFull ||= waiting.request.excluded.length === 0;
		return { kind: "left", waiting, why: "no-place" };
	}
	return placeAmong(board, waiting, { open, against: contenders.against });
}

function placeAmong(board: Board, waiting: Waiting, { open, against }: { open: readonly Contender[]; against: Against }): Outcome {
	const picked = pick(board, waiting, open);
	if (!picked) throw new Error("Picking among no candidates");
	const { work } = picked.best.contender;
	const { isFull } = picked.best.standing;
	const job = jobOf(waiting, picked, board.now);
	if (!isFull && work.backlogS === 0) {
		const decision = decisionOf(picked, waiting.model, against);
		giveJob(work, job);
		board.bound++;
		return { kind: "assigned", waiting, decision, job };
	}
	book(work, job.estimateS);
	board.left.set(waiting.model, (board.left.get(waiting.model) ?? 0) + 1);
	// Nobody reads of it what costs a look at all candidates
	const decision = decisionOf({ ...picked, nextCheapest: () => [] }, waiting.model, against);
	return { kind: "left", waiting, why: isFull ? "full" : "booked", decision };
}

function someoneHasPlace(board: Board, waiting: Waiting, open: readonly Contender[]): boolean {
	return open.some((contender) => hasPlace(board, contender, waiting));
}

/** Every node of the fleet, for those without the model are part of the answer. */
function refusal({ index }: Board, waiting: Waiting): Record<string, Reason[]> {
	return Object.fromEntries(index.nodes.map((node) => [node.nodeId, reasonsAgainstNode(node, waiting)]));
}
