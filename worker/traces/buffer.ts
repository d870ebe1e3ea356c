/** Finished requests on their way to the database: written in batches, off the path of any request. */

/** With a database that refuses for long, the oldest rows go rather than the router's memory. */
const MOST_BUFFERED = 50_000;
const MAX_BATCH = 500;
/** D1 takes 2 MB for a bound value. */
const MAX_BATCH_CHARACTERS = 500_000;

export class RowBuffer<Row> {
	#waiting: Row[] = [];
	#writing: Promise<void> | undefined;
	#pushed = 0;
	#inHand = 0;
	readonly #most: number;
	readonly #write: (rows: readonly Row[]) => Promise<void>;
	/** Rows given up because the buffer was full. */
	dropped = 0;

	constructor(write: (rows: readonly Row[]) => Promise<void>, mostBuffered = MOST_BUFFERED) {
		this.#write = write;
		this.#most = mostBuffered;
	}

	push(row: Row): void {
		this.#waiting.push(row);
		this.#pushed++;
		while (this.#waiting.length > this.#most) {
			this.#waiting.shift();
			this.dropped++;
		}
	}

	/** Resolves once all rows pushed before the call are written; rejects, keeping them, when the database refuses. */
	async flush(): Promise<void> {
		const wanted = this.#pushed;
		while (this.#settled < wanted) {
			this.#writing ??= this.#writeBatch().finally(() => {
				this.#writing = undefined;
			});
			await this.#writing;
		}
	}

	/** Rows that are written or were given up. */
	get #settled(): number {
		return this.#pushed - this.#waiting.length - this.#inHand;
	}

	async #writeBatch(): Promise<void> {
		const batch = this.#waiting.splice(0, batchSize(this.#waiting));
		this.#inHand = batch.length;
		try {
			await this.#write(batch);
		} catch (error) {
			this.#waiting.unshift(...batch);
			throw error;
		} finally {
			this.#inHand = 0;
		}
	}
}

/** As many rows as fit into one bound value, and at least one. */
function batchSize(rows: readonly unknown[]): number {
	let bytes = 0;
	for (const [index, row] of rows.slice(0, MAX_BATCH).entries()) {
		bytes += JSON.stringify(row).length;
		if (bytes > MAX_BATCH_CHARACTERS) return Math.max(1, index);
	}
	return Math.min(rows.length, MAX_BATCH);
}
