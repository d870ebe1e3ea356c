/** Finished requests on their way to the database: written in batches, off the path of any request. */
import type { Trace } from "../protocol/trace.ts";

/** With a database that refuses for long, the oldest rows go rather than the router's memory. */
const MAX_BUFFERED = 50_000;
/** Keeps one bound JSON array well under D1's limit of 2 MB for a value. */
const MAX_BATCH = 500;

export class TraceBuffer {
	#waiting: Trace[] = [];
	#writing: Promise<void> | undefined;
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
		while (this.#waiting.length > MAX_BUFFERED) {
			this.#waiting.shift();
			this.dropped++;
		}
	}

	/** Resolves once all rows pushed before the call are written; rejects, keeping them, when the database refuses. */
	async flush(): Promise<void> {
		while (this.#writing || this.#waiting.length > 0) {
			this.#writing ??= this.#writeBatch().finally(() => {
				this.#writing = undefined;
			});
			await this.#writing;
		}
	}

	async #writeBatch(): Promise<void> {
		const batch = this.#waiting.splice(0, MAX_BATCH);
		try {
			await this.#write(batch);
		} catch (error) {
			this.#waiting.unshift(...batch);
			throw error;
		}
	}
}
