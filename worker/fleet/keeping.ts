/** What of the machines outlives a restart: on its way to the vault, and back from there. */
import { tidy } from "../routing/rule/knowledge.ts";
import { learnRoom } from "./beat.ts";
import { RATES_PREFIX, restoreEstimates, savedEstimates } from "./estimators.ts";
import { NODE_PREFIX, restoredNodes, savedNode } from "./persistence.ts";
import type { Savings } from "./savings.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export class Keeping {
	readonly #state: FleetState;
	readonly #savings: Savings;

	constructor(state: FleetState, savings: Savings) {
		this.#state = state;
		this.#savings = savings;
	}

	save(node: NodeRecord): void {
		this.#savings.put(NODE_PREFIX + node.nodeId, savedNode(node));
	}

	drop(nodeId: string): void {
		for (const prefix of [NODE_PREFIX, RATES_PREFIX]) this.#savings.put(prefix + nodeId, undefined);
	}

	/** What was learned since the last time; resolves once it is on the disk. */
	saveLearned(): Promise<void> {
		const { knowledge, learned } = this.#state;
		tidy(knowledge, Date.now());
		for (const [key, value] of savedEstimates(knowledge.estimates, learned)) this.#savings.put(key, value);
		learned.clear();
		return this.#savings.settled();
	}

	/** `saved` is everything in the vault. */
	restore(saved: ReadonlyMap<string, unknown>): void {
		const { knowledge, nodes } = this.#state;
		restoreEstimates(knowledge.estimates, saved);
		for (const node of restoredNodes(saved, Date.now())) {
			learnRoom(node, knowledge.estimates);
			nodes.set(node.nodeId, node);
		}
	}
}
