/** Long requests wait here for the word that their place is lost: their connection alone would not tell. */
import { holdsPlace, noteFirstToken } from "./leases.ts";
import type { FleetState, NodeRecord } from "./state.ts";
import { Waiters } from "./waiters.ts";

/**
 * `over`: the request ended otherwise. `lost`: its node is silent or gone. `door-shut`: its node is well, but new connections to the
 * door have failed for a while; a stream that still flows through an old one is let be.
 */
export type PlaceWord = "over" | "lost" | "door-shut";

/** A machine that swaps or loads may not answer at its door for some seconds. */
const SHUT_FOR_MS = 12_000;
const CHECK_EVERY_MS = 10_000;

export class PlaceWatch {
	readonly #waiters = new Waiters<PlaceWord>();
	readonly #checkedAt = new Map<string, number>();
	readonly #state: FleetState;
	readonly #checkDoor: (node: NodeRecord) => void;

	constructor(state: FleetState, checkDoor: (node: NodeRecord) => void) {
		this.#state = state;
		this.#checkDoor = checkDoor;
	}

	/** Beats come from a node all the same when only the way to its door is dark: so the door is checked while somebody waits. */
	wait(requestId: string, firstTokenAt: number | undefined, now: number): Promise<PlaceWord> {
		if (firstTokenAt !== undefined) noteFirstToken(this.#state, requestId, firstTokenAt);
		this.tell(requestId, "over");
		const word = this.#waiters.wait(requestId);
		this.#look(requestId, now);
		return word;
	}

	tell(requestId: string, word: PlaceWord): void {
		this.#waiters.tell(requestId, word);
	}

	sweep(now: number): void {
		for (const requestId of this.#waiters.ids) this.#look(requestId, now);
		for (const [nodeId, at] of this.#checkedAt) if (now - at >= CHECK_EVERY_MS) this.#checkedAt.delete(nodeId);
	}

	#look(requestId: string, now: number): void {
		if (!holdsPlace(this.#state, requestId)) return this.tell(requestId, "lost");
		const node = this.#state.nodes.get(this.#state.leases.get(requestId)?.decision.nodeId ?? "");
		if (!node) return;
		if (isShut(node, now)) return this.tell(requestId, "door-shut");
		if (now - (this.#checkedAt.get(node.nodeId) ?? 0) < CHECK_EVERY_MS) return;
		this.#checkedAt.set(node.nodeId, now);
		this.#checkDoor(node);
	}
}

function isShut({ doorReachable, doorShutAt }: NodeRecord, now: number): boolean {
	return !doorReachable && doorShutAt !== undefined && now - doorShutAt >= SHUT_FOR_MS;
}
