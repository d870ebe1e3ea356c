/** Who waits in which order, and for how long as things are. Pure; nothing is bound. */
import { book, openBoard, type PassInput } from "./board.ts";
import { contendersFor, openTo } from "./contenders.ts";
import { jobOf } from "./decision.ts";
import { inOrder } from "./order.ts";
import { pick } from "./pick.ts";
import type { Waiting } from "./view.ts";

/** Beyond these only the position is told: a look costs as much as a choice. */
const LOOKED_AT = 200;

export interface Forecast {
	readonly waiting: Waiting;
	/** The node it would wait for; undefined beyond those looked at, and where no node can serve it. */
	readonly nodeId?: string;
	/** Until it can start there, those ahead of it counted. */
	readonly waitS?: number;
}

/** In the order in which they are looked at. */
export function forecast(input: PassInput): Forecast[] {
	const board = openBoard(input);
	return inOrder(board).map((waiting, position) => {
		const picked = position < LOOKED_AT ? pick(board, waiting, openTo(contendersFor(board, waiting), waiting)) : undefined;
		if (!picked) return { waiting };
		const { contender, terms } = picked.best;
		book(contender.work, jobOf(waiting, picked, board.now).estimateS);
		return { waiting, nodeId: contender.work.node.nodeId, waitS: terms.waitS };
	});
}
