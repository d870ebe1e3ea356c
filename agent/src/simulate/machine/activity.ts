/** What a simulated machine is doing, and how warm it has become by it. */

/** Silicon with a cooler on it warms up and cools down over about this long. */
const WARMING_MS = 45_000;

export interface Running {
	model: string;
	startedAt: number;
}

export class Activity {
	readonly #running = new Set<Running>();
	#completed = 0;
	#heat = 0;
	#heatAt = 0;

	/** The returned function ends it. */
	begin(model: string, now: number): (now: number) => void {
		this.#settle(now);
		const entry = { model, startedAt: now };
		this.#running.add(entry);
		return (endedAt) => {
			this.#settle(endedAt);
			this.#running.delete(entry);
			this.#completed++;
		};
	}

	get running(): Running[] {
		return [...this.#running];
	}

	get completed(): number {
		return this.#completed;
	}

	/** From 0, idle for long, to 1, busy for long. */
	heatRatio(now: number): number {
		this.#settle(now);
		return this.#heat;
	}

	#settle(now: number): void {
		const target = this.#running.size > 0 ? 1 : 0;
		const passed = Math.max(0, now - this.#heatAt);
		this.#heat = target + (this.#heat - target) * Math.exp(-passed / WARMING_MS);
		this.#heatAt = Math.max(this.#heatAt, now);
	}
}
