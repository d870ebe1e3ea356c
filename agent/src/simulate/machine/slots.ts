/** A runner's places: first come, first served, without bound on who waits. */

interface Waiter {
	take(slot: number): void;
}

export class Slots {
	readonly #idle: Set<number>;
	readonly #waiting: Waiter[] = [];
	readonly count: number;

	constructor(count: number) {
		this.count = count;
		this.#idle = new Set(Array.from({ length: count }, (_, index) => index));
	}

	get busy(): number {
		return this.count - this.#idle.size;
	}

	get waiting(): number {
		return this.#waiting.length;
	}

	/** Waits for a place; `choose` picks among the idle ones. `undefined` when the signal fired first. */
	take(choose: (idle: readonly number[]) => number, signal: AbortSignal): Promise<number | undefined> {
		if (signal.aborted) return Promise.resolve(undefined);
		if (this.#idle.size > 0 && this.#waiting.length === 0) return Promise.resolve(this.#occupy(choose([...this.#idle])));
		return new Promise((resolve) => {
			const leave = () => {
				this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
				resolve(undefined);
			};
			const waiter: Waiter = {
				take: (slot) => {
					signal.removeEventListener("abort", leave);
					this.#idle.add(slot);
					resolve(this.#occupy(choose([slot])));
				},
			};
			this.#waiting.push(waiter);
			signal.addEventListener("abort", leave, { once: true });
		});
	}

	release(slot: number): void {
		const next = this.#waiting.shift();
		if (next) next.take(slot);
		else this.#idle.add(slot);
	}

	#occupy(slot: number): number {
		this.#idle.delete(slot);
		return slot;
	}
}
