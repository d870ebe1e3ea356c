import type { Clock } from "../../../agent/src/simulate/machine/clock.ts";

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
	#now = 1_000_000;
	#timers: { at: number; run: () => void }[] = [];

	now(): number {
		return this.#now;
	}

	after(delayMs: number, run: () => void): () => void {
		const timer = { at: this.#now + delayMs, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Timers that are set. */
	get pending(): number {
		return this.#timers.length;
	}

	/** Runs all that falls due, in order, and lets what waits for it go on. */
	async advance(byMs: number): Promise<void> {
		const end = this.#now + byMs;
		for (;;) {
			await settle();
			const next = this.#timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
			if (!next) break;
			this.#timers = this.#timers.filter((other) => other !== next);
			this.#now = Math.max(this.#now, next.at);
			next.run();
		}
		this.#now = end;
		await settle();
	}
}

/** Everything that is ready runs. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
