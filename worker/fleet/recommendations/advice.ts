/** Recommendations out of the state and the traces; what is read of the traces is kept for some minutes, the state is always new. */
import { recommend } from "../../catalogue/recommend/recommend.ts";
import type { ModelUsage } from "../../protocol/model-usage.ts";
import type { Recommendations } from "../../protocol/recommendations.ts";
import { modelUsage, usageByNode } from "../../traces/usage.ts";
import type { ModelsByNode } from "../pins/pins.ts";
import type { FleetState } from "../state.ts";
import { demandOf, factsOf } from "./facts.ts";

/** The origin's. */
const KEPT_MS = 300_000;

export interface AdviceParts {
	readonly state: FleetState;
	readonly database: D1Database;
	readonly pinned: () => ModelsByNode;
	/** Epoch milliseconds. */
	readonly now: () => number;
}

export class Advice {
	readonly #parts: AdviceParts;
	#demand: { readonly at: number; readonly usage: readonly ModelUsage[] } | undefined;

	constructor(parts: AdviceParts) {
		this.#parts = parts;
	}

	/** `anew`: what is asked for is counted again. */
	async give({ anew }: { anew: boolean }): Promise<Recommendations> {
		const { state, database, pinned, now } = this.#parts;
		if (anew || !this.#demand || now() - this.#demand.at > KEPT_MS) this.#demand = { at: now(), usage: await modelUsage(database, now()) };
		const around = { estimates: state.knowledge.estimates, usage: await usageByNode(database), pinned: pinned(), now: now() };
		const online = [...state.nodes.values()].filter(({ approved, status }) => approved && status !== "offline");
		const facts = online.map((node) => factsOf(node, around));
		return recommend(facts, demandOf(this.#demand.usage), now());
	}
}
