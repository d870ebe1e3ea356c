/** One request on its way through the door. */
export interface Passing {
	/** The router's. */
	readonly id: string | undefined;
	/** Ollama loads or computes for it: no download, no question. */
	readonly isWork: boolean;
}

/** What passes through the door now. A load that goes on without its client still does. */
export class InFlight {
	#passing = new Set<Passing>();
	#waiting: (() => void)[] = [];

	/** With and without an id. */
	get total(): number {
		return this.#passing.size;
	}

	get ids(): string[] {
		return idsOf([...this.#passing]);
	}

	get idsAtWork(): string[] {
		return idsOf([...this.#passing].filter(({ isWork }) => isWork));
	}

	/** Counts a request; the function returned ends it, once. */
	enter(passing: Passing): () => void {
		this.#passing.add(passing);
		return () => {
			if (!this.#passing.delete(passing) || this.#passing.size > 0) return;
			for (const tell of this.#waiting.splice(0)) tell();
		};
	}

	/** Resolves when nothing passes. */
	empty(): Promise<void> {
		if (this.#passing.size === 0) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
}

function idsOf(passing: readonly Passing[]): string[] {
	return [...new Set(passing.flatMap(({ id }) => id ?? []))];
}
