/** The newest value of a source that may be slow: asking again never starts a second read, nor waits for a hanging one. */
export class Latest<T> {
	#read: () => Promise<T>;
	#value: T | undefined;
	#failure: string | undefined;
	#running: Promise<void> | undefined;

	constructor(read: () => Promise<T>) {
		this.#read = read;
	}

	/** The last good value. */
	get value(): T | undefined {
		return this.#value;
	}

	/** Why the last read gave nothing. */
	get failure(): string | undefined {
		return this.#running === undefined ? this.#failure : "has not answered yet";
	}

	/** Starts a read unless one runs, and waits for it, but not longer than `waitMs`. */
	async refresh(waitMs: number): Promise<void> {
		this.#running ??= this.#take();
		let timer: NodeJS.Timeout | undefined;
		const limit = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, waitMs);
		});
		await Promise.race([this.#running, limit]);
		clearTimeout(timer);
	}

	async #take(): Promise<void> {
		try {
			this.#value = await this.#read();
			this.#failure = undefined;
		} catch (error) {
			this.#failure = error instanceof Error ? error.message : String(error);
		}
		this.#running = undefined;
	}
}
