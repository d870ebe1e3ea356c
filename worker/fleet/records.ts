/** Traces and decisions on their way to the database. */
import { log } from "../log.ts";
import { type DecisionRow, dropOldDecisions, insertDecisions } from "../traces/decisions.ts";
import { RowBuffer } from "../traces/buffer.ts";
import { insertTraces } from "../traces/store.ts";
import type { Trace } from "../protocol/trace.ts";

const FLUSH_EVERY_MS = 200;
const TRACES_PER_BUNDLE = 5;
const TIDY_EVERY_MS = 600_000;
/** They take kilobytes each. */
const DECISIONS_BUFFERED = 5_000;

export class Records {
	readonly #database: D1Database;
	readonly #traces: RowBuffer<Trace>;
	readonly #decisions: RowBuffer<DecisionRow>;
	#refused = false;
	#flushes = 0;

	constructor(database: D1Database) {
		this.#database = database;
		this.#traces = new RowBuffer((rows) => insertTraces(database, rows));
		this.#decisions = new RowBuffer((rows) => insertDecisions(database, rows), DECISIONS_BUFFERED);
	}

	start(): void {
		setInterval(() => void this.#flushByTimer(), FLUSH_EVERY_MS);
		setInterval(() => void this.#tidy(), TIDY_EVERY_MS);
	}

	/** `decision` is JSON. */
	keep(trace: Trace, decision: string | undefined): void {
		this.#traces.push(trace);
		if (decision !== undefined) this.#decisions.push({ requestId: trace.request_id, timestamp: trace.timestamp, decision });
	}

	/** Resolves when everything known now is in the database. */
	async flush(): Promise<void> {
		await this.#decisions.flush();
		await this.#traces.flush();
	}

	/** Decisions can wait a little longer: the fewer bundles, the cheaper. */
	async #flushDue(): Promise<void> {
		await this.#traces.flush();
		if (++this.#flushes % TRACES_PER_BUNDLE === 0) await this.#decisions.flush();
	}

	/** Says once that the database refuses, and once that it takes rows again. */
	async #flushByTimer(): Promise<void> {
		try {
			await this.#flushDue();
			if (this.#refused) log("info", "Traces are written again", { dropped: this.#traces.dropped });
			this.#refused = false;
		} catch (error) {
			if (!this.#refused) log("error", "Writing traces failed, they are kept and tried again", { error: String(error) });
			this.#refused = true;
		}
	}

	async #tidy(): Promise<void> {
		await dropOldDecisions(this.#database, Date.now()).catch((error: unknown) =>
			log("warn", "Old decisions could not be dropped, this is tried again", { error: String(error) }),
		);
	}
}
