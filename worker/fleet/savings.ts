/**
 * What the Fleet object keeps in its own storage. A write that fails there ends the object with all places and waiting requests
 * in it, whoever catches the error: so nothing is tried while the database refuses rows, which is how a full disk shows.
 */
import type { FleetState, NodeRecord } from "./state.ts";

/** The writes themselves. */
export interface Storing {
	node(node: NodeRecord): void;
	learned(state: FleetState): Promise<void>;
}

export class Savings {
	readonly #storing: Storing;
	readonly #isRefused: () => boolean;
	readonly #unsaved = new Set<NodeRecord>();

	constructor(storing: Storing, isRefused: () => boolean) {
		this.#storing = storing;
		this.#isRefused = isRefused;
	}

	/** Saved at once, or as soon as something can be. */
	node(node: NodeRecord): void {
		if (this.#isRefused()) this.#unsaved.add(node);
		else this.#storing.node(node);
	}

	/** What was learned, and the nodes that had to wait; those that were removed meanwhile are let go. */
	async learned(state: FleetState): Promise<void> {
		if (this.#isRefused()) return;
		for (const node of this.#unsaved) if (state.nodes.get(node.nodeId) === node) this.#storing.node(node);
		this.#unsaved.clear();
		await this.#storing.learned(state);
	}
}
