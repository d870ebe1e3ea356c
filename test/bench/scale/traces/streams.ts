/** Streams through the router, and how evenly their chunks come. */

export class Streams {
	readonly #gaps: number[] = [];
	readonly #ended = new AbortController();
	readonly #running: Promise<unknown>;

	constructor(url: string, model: string, count: number) {
		this.#running = Promise.all(Array.from({ length: count }, () => this.#read(url, model)));
	}

	/** Milliseconds between two chunks, of all since the last call. */
	takeGaps(): number[] {
		return this.#gaps.splice(0);
	}

	async stop(): Promise<void> {
		this.#ended.abort();
		await this.#running;
	}

	async #read(url: string, model: string): Promise<void> {
		const body = JSON.stringify({ model, messages: [{ role: "user", content: "Go on" }], options: { num_predict: 20_000 } });
		while (!this.#ended.signal.aborted) await this.#readOne(`${url}/api/chat`, body).catch(() => undefined);
	}

	async #readOne(url: string, body: string): Promise<void> {
		const response = await fetch(url, { method: "POST", body, signal: this.#ended.signal });
		let last: number | undefined;
		for await (const _ of response.body ?? []) {
			const now = performance.now();
			if (last !== undefined) this.#gaps.push(now - last);
			last = now;
		}
	}
}
