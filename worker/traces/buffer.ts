/** Finished requests on their way to the database: written in batches, off the path of any request. */
import type { Trace } from "../protocol/trace.ts";

/** With a database that refuses for long, the oldest rows go rather than the router's memory. */
const MAX_BUFFERED = 50_000;
const MAX_BATCH = 500;
/** D1 takes 2 MB for a bound value. */
const MAX_BATCH_CHARACTERS = 500_000;

export class TraceBuffer {
	#waiting: Trace[] = [];
	#writing: Promise<void> | undefined;
	#pushed = 0;
	#inHand = 0;
	readonly #write: (traces: readonly Trace[]) => Promise<void>;
	/** Rows given up because the buffer was full. */
	dropped = 0;
	/** The last write by timer failed. */
	refused = false;

	constructor(write: (traces: readonly Trace[]) => Promise<void>) {
		this.#write = write;
	}

	push(trace: Trace): void {
		this.#waiting.push(trace);
		this.#pushed++;
		while (this.#waiting.length > MAX_BUFFERED) {
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
function batchSize(rows: readonly Trace[]): number {
	let bytes = 0;
	for (const [index, row] of rows.slice(0, MAX_BATCH).entries()) {
		bytes += JSON.stringify(row).length;
		if (bytes > MAX_BATCH_CHARACTERS) return Math.max(1, index);
	}
	return Math.min(rows.length, MAX_BATCH);
}
