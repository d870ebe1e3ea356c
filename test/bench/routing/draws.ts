/** The distributions of the routing study, from one seed. */
import { type Random, seeded } from "../../../agent/src/simulate/machine/random.ts";

export class Draws {
	readonly #random: Random;

	constructor(seed: number) {
		this.#random = seeded(seed);
	}

	unit(): number {
		return this.#random();
	}

	uniform(low: number, high: number): number {
		return low + (high - low) * this.#random();
	}

	integer(low: number, high: number): number {
		return Math.floor(this.uniform(low, high + 1));
	}

	exponential(mean: number): number {
		return -mean * Math.log(1 - this.#random());
	}

	lognormal(median: number, sigma: number): number {
		return median * Math.exp(sigma * this.#normal());
	}

	/** One of the items, by their weights. */
	weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
		let rest = this.#random() * items.reduce((sum, [, weight]) => sum + weight, 0);
		for (const [item, weight] of items) if ((rest -= weight) < 0) return item;
		const last = items.at(-1);
		if (!last) throw new Error("Nothing to choose from");
		return last[0];
	}

	/** Box and Muller, one of the pair. */
	#normal(): number {
		return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
	}
}

export function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}
