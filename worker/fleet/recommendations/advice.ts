/** Recommendations out of the state and the traces; what is read of the traces is kept for some minutes, the state is always new. */
import type { Demand } from "../../catalogue/recommend/facts.ts";
import { recommend } from "../../catalogue/recommend/recommend.ts";
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
	#counted: { readonly at: number; readonly demand: Demand } | undefined;

	constructor(parts: AdviceParts) {
		this.#parts = parts;
	}

	/** `anew`: what is asked for is counted again. */
	async give({ anew }: { anew: boolean }): Promise<Recommendations> {
		const { state, database, pinned, now } = this.#parts;
		const demand = await this.demand({ anew });
		const around = { estimates: state.knowledge.estimates, usage: await usageByNode(database), pinned: pinned(), now: now() };
		const online = [...state.nodes.values()].filter(({ approved, status }) => approved && status !== "offline");
		return recommend(
			online.map((node) => factsOf(node, around)),
			demand,
			now(),
		);
	}

	/** What was asked for within a day. */
	async demand({ anew }: { anew: boolean }): Promise<Demand> {
		const { database, now } = this.#parts;
		if (anew || !this.#counted || now() - this.#counted.at > KEPT_MS)
			this.#counted = { at: now(), demand: demandOf(await modelUsage(database, now())) };
		return this.#counted.demand;
	}
}
