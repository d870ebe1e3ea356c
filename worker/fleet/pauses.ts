/** A node is left alone for a while at the admin's word: what runs there finishes, nothing new comes. Pure over the state given. */
import { type Drained, drainedOf } from "./drain.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** What came of it. */
export interface Paused extends Drained {
	/** Epoch milliseconds at which the router's pause ends by itself. */
	readonly until?: number;
}

/** Without seconds until it is resumed. A second pause takes the place of the first. */
export function setPaused(node: NodeRecord, forS: number | undefined, now: number): void {
	node.pause = forS === undefined ? {} : { until: now + forS * 1000 };
}

export function pausedOf(node: NodeRecord): Paused {
	const until = node.pause?.until;
	return { ...drainedOf(node), ...(until !== undefined && { until }) };
}

/** Ends the pauses whose time is over; true when there was one. */
export function liftPauses({ nodes }: FleetState, now: number): boolean {
	const over = [...nodes.values()].filter(({ pause }) => pause?.until !== undefined && pause.until <= now);
	for (const node of over) delete node.pause;
	return over.length > 0;
}
