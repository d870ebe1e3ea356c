/** Traces and decisions on their way to the database, and into the rollups. */
import { log } from "../log.ts";
import type { Trace } from "../protocol/trace.ts";
import { RowBuffer } from "../traces/buffer.ts";
import { type DecisionRow, dropOldDecisions, insertDecisions } from "../traces/decisions.ts";
import { dropOldTraces } from "../traces/retention.ts";
import { RollUp } from "../traces/rollup/roll-up.ts";
import { noteEnd, noteStart } from "../traces/running.ts";
import { insertTraces } from "../traces/store.ts";
import type { RecordsOptions } from "./records-options.ts";
import { Upkeep } from "./upkeep.ts";

const FLUSH_EVERY_MS = 200;
const TRACES_PER_BUNDLE = 5;
/** They take kilobytes each. */
const DECISIONS_BUFFERED = 5_000;
const DAY_MS = 24 * 3600 * 1000;
/** Whoever asks for sums waits for so many slices; more there is only after an import. */
const SLICES_WAITED_FOR = 2;

/** How far to write: the rows; their sums as well; or everything, because this is the end. */
export type FlushDepth = "rows" | "sums" | "end";

export class Records {
	readonly #database: D1Database;
	readonly #options: () => RecordsOptions;
	readonly #traces: RowBuffer<Trace>;
	readonly #decisions: RowBuffer<DecisionRow>;
	readonly #rollUp: RollUp;
	#counting: Promise<boolean> = Promise.resolve(false);
	#refused = false;
	#flushes = 0;

	constructor(database: D1Database, options: () => RecordsOptions) {
		this.#database = database;
		this.#options = options;
		this.#traces = new RowBuffer((rows) => insertTraces(database, rows));
		this.#decisions = new RowBuffer((rows) => insertDecisions(database, rows), DECISIONS_BUFFERED);
		this.#rollUp = new RollUp(database);
	}

	/** The tables must be there. */
	async start(): Promise<void> {
		setInterval(() => void this.#flushByTimer(), FLUSH_EVERY_MS);
		new Upkeep({
			rollups: () => this.#count(),
			traces: async () => this.#options().retentionDays > 0 && dropOldTraces(this.#database, this.#keptSince()),
			decisions: () => dropOldDecisions(this.#database, Date.now()),
		}).start();
		if (!this.#options().mayVanish) await this.#noteStart();
	}

	/** The database took no rows the last time. */
	get isRefused(): boolean {
		return this.#refused;
	}

	/** Traces given up since the database refused them for too long. */
	get dropped(): number {
		return this.#traces.dropped;
	}

	/** `decision` is JSON. */
	keep(trace: Trace, decision: string | undefined): void {
		this.#traces.push(trace);
		if (decision !== undefined) this.#decisions.push({ requestId: trace.request_id, timestamp: trace.timestamp, decision });
	}

	/** Resolves when everything known now is in the database. */
	async flush(depth: FlushDepth): Promise<void> {
		await this.#decisions.flush();
		await this.#traces.flush();
		if (depth === "sums") for (let slice = 0; slice < SLICES_WAITED_FOR && (await this.#count()); slice++);
		if (depth === "end") await noteEnd(this.#database);
	}

	/** One slice at a time, whoever asks. */
	#count(): Promise<boolean> {
		this.#counting = this.#counting.catch(() => false).then(() => this.#rollUp.step());
		return this.#counting;
	}

	/** Epoch seconds. */
	#keptSince(): number {
		return (Date.now() - this.#options().retentionDays * DAY_MS) / 1000;
	}

	async #noteStart(): Promise<void> {
		try {
			if (await noteStart(this.#database, Date.now()))
				log("warn", "The router before this one was cut off: requests of its last second, and those that ran, may have no trace");
		} catch (error) {
			log("warn", "Whether the router before this one ended well is not known", { error: String(error) });
		}
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
}
