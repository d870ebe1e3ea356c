/** After a start, and now and then later, wishes for the most used models in memory where there is room. */
import { log } from "../../log.ts";
import type { ModelUsage } from "../../protocol/model-usage.ts";
import type { FleetState } from "../state.ts";
import { choosePreloads, hasFreeRoom, type Preload, scoreOf } from "./choose-preloads.ts";

/** The nodes of before the restart get this long to beat. */
const NODES_WAIT_MS = 60_000;
/** And once they have, a moment more, in which new ones join and pins begin to load. */
const SETTLE_MS = 3_000;
const ROUND_MS = 600_000;
/** At a start: asked for at least once today. Later somebody may have unloaded the model: only much used ones come back. */
const FIRST_SCORE = 1;
const LATER_SCORE = 10;
const LATER_WITHIN_S = 3600;

export interface PreloaderOptions {
	readonly maxPerNode: number;
	/** Epoch milliseconds of the router's start. */
	readonly startedAt: number;
	/** Of all models, up to a moment in epoch milliseconds. */
	readonly usage: (until: number) => Promise<ModelUsage[]>;
}

export class Preloader {
	readonly #options: PreloaderOptions;
	#wishes: readonly Preload[] = [];
	#nextRoundAt: number | undefined;
	#isFirst = true;

	constructor(options: PreloaderOptions) {
		this.#options = options;
	}

	/** To be called again and again. `isReady`: every node has beaten since the start, and no pin waits for its load. */
	tick(state: FleetState, { now, isReady }: { now: number; isReady: boolean }): void {
		if (this.#options.maxPerNode <= 0) return;
		const { startedAt } = this.#options;
		if (this.#nextRoundAt === undefined && (isReady || now - startedAt > NODES_WAIT_MS)) this.#nextRoundAt = now + SETTLE_MS;
		if (now < (this.#nextRoundAt ?? Infinity)) return;
		this.#nextRoundAt = now + ROUND_MS;
		void this.#round(state, now);
	}

	/** The model to load on a node now. It is not asked for again. */
	take(state: FleetState, nodeId: string): string | undefined {
		const wish = this.#wishes.find((one) => one.nodeId === nodeId);
		if (!wish) return undefined;
		this.#wishes = this.#wishes.filter((one) => one !== wish);
		const node = state.nodes.get(nodeId);
		return node && hasFreeRoom(node, wish.model, this.#options.maxPerNode) ? wish.model : undefined;
	}

	async #round(state: FleetState, now: number): Promise<void> {
		const { usage, startedAt, maxPerNode } = this.#options;
		const isFirst = this.#isFirst;
		this.#isFirst = false;
		try {
			const rules = { maxPerNode, leastScore: isFirst ? FIRST_SCORE : LATER_SCORE, since: isFirst ? 0 : now / 1000 - LATER_WITHIN_S };
			// What was asked for since the start is in memory, or somebody has put it out
			const used = await usage(isFirst ? startedAt : now);
			state.priorities = new Map(used.map((one) => [one.model, scoreOf(one)]));
			this.#wishes = choosePreloads(used, [...state.nodes.values()], rules);
			if (this.#wishes.length > 0) log("info", "Preloading the most used models", { models: this.#wishes.map(textOf) });
		} catch (error) {
			log("warn", "The most used models could not be read, nothing is preloaded", { error: String(error) });
		}
	}
}

function textOf({ nodeId, model }: Preload): string {
	return `${model} on ${nodeId}`;
}
