/** What passes through the door now, by the router's request ids. */
export class InFlight {
	#counts = new Map<string, number>();
	#total = 0;

	/** Requests running, with and without an id. */
	get total(): number {
		return this.#total;
	}

	get ids(): string[] {
		return [...this.#counts.keys()];
	}

	/** Counts a request; the function returned ends it, once. */
	enter(id: string | undefined): () => void {
		this.#total += 1;
		if (id !== undefined) this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
		let running = true;
		return () => {
			if (!running) return;
			running = false;
			this.#total -= 1;
			if (id !== undefined) this.#leave(id);
		};
	}

	#leave(id: string): void {
		const left = (this.#counts.get(id) ?? 1) - 1;
		if (left > 0) this.#counts.set(id, left);
		else this.#counts.delete(id);
	}
}
