import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { TextSink } from "../day-file.ts";
import { backoffMs } from "../heartbeat/standing.ts";
import type { Logger } from "../log.ts";
import { askOllama } from "./client.ts";
import { serveOllama } from "./serve.ts";
import type { Served } from "./serve.ts";

const LOOK_EVERY_MS = 2_000;
/** Somebody may install it while we wait. */
const ABSENT_INTERVAL_MS = 30_000;
/** One that ran for so long failed anew, not again. */
const STEADY_MS = 60_000;
/** What an Ollama gets to answer after its start. */
const ANSWER_LIMIT_MS = 30_000;
const ANSWER_LOOK_MS = 100;

const NOT_OURS = "This agent has not started the Ollama here, so it can't start it anew: do that on the machine itself";

export interface KeeperParts {
	ollamaUrl: string;
	findProgram: () => Promise<string | undefined>;
	/** Takes what Ollama says. */
	output: TextSink;
	/** Where that is, for a person. */
	outputPath: string;
	clock: Clock;
	log: Logger;
}

export type Restarted = { kind: "restarted" } | { kind: "not-ours" | "failed"; message: string };

/** `--start-ollama`: starts one where none answers, starts it again when it ends, and ends it with the agent. Others' are left alone. */
export class OllamaKeeper {
	readonly #parts: KeeperParts;
	readonly #stopped = new AbortController();
	#served: Served | undefined;
	/** In a row. */
	#failures = 0;
	#endedOnPurpose = false;
	#restarting: Promise<Restarted> | undefined;
	#running: Promise<void> | undefined;

	constructor(parts: KeeperParts) {
		this.#parts = parts;
	}

	/** Ours is there, whether or not it answers yet. */
	get isOurs(): boolean {
		return this.#served !== undefined;
	}

	start(): void {
		this.#running = this.#run();
	}

	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#served?.end();
		await this.#running;
	}

	/** Only for an Ollama that this agent has started. What it was at work on is cut off. */
	restart(): Promise<Restarted> {
		this.#restarting ??= this.#restart().finally(() => (this.#restarting = undefined));
		return this.#restarting;
	}

	async #restart(): Promise<Restarted> {
		const served = this.#served;
		if (!served) return { kind: "not-ours", message: NOT_OURS };
		this.#parts.log.info("Starting Ollama anew, as the router asks");
		this.#endedOnPurpose = true;
		this.#failures = 0;
		await served.end();
		const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
		while (!signal.aborted && this.#failures === 0) {
			if (this.#served && this.#served !== served && (await this.#answers())) return { kind: "restarted" };
			await delay(ANSWER_LOOK_MS, undefined, { signal }).catch(() => undefined);
		}
		return { kind: "failed", message: `Ollama was ended, but does not come up again: see ${this.#parts.outputPath} on that machine` };
	}

	async #run(): Promise<void> {
		while (!this.#stopped.signal.aborted) {
			if (await this.#isThere()) {
				await this.#pause(LOOK_EVERY_MS);
				continue;
			}
			const program = await this.#program();
			if (program !== undefined && !this.#stopped.signal.aborted) await this.#serve(program);
		}
	}

	/** Waits where there is nothing to do: undefined then. */
	async #program(): Promise<string | undefined> {
		const program = await this.#parts.findProgram();
		if (program !== undefined) return program;
		this.#parts.log.warn("Ollama is not installed here, so it can't be started: see https://ollama.com/download");
		await this.#pause(ABSENT_INTERVAL_MS);
		return undefined;
	}

	/** Runs it to its end, and waits before the next when that was a failure. */
	async #serve(program: string): Promise<void> {
		const { ollamaUrl, output, outputPath, log } = this.#parts;
		log.info(`Starting ${program} at ${ollamaUrl}; what it says goes to ${outputPath}`);
		const startedAt = performance.now();
		this.#served = serveOllama(program, ollamaUrl, output);
		const how = await this.#served.ended;
		this.#served = undefined;
		const wanted = this.#endedOnPurpose || this.#stopped.signal.aborted;
		this.#endedOnPurpose = false;
		if (!wanted) await this.#bear(how, performance.now() - startedAt);
	}

	async #bear(how: string, ranForMs: number): Promise<void> {
		this.#failures = ranForMs > STEADY_MS ? 1 : this.#failures + 1;
		const waitMs = backoffMs(this.#failures, 1);
		this.#parts.log.warn(`Ollama has ended ${how}; starting it again in ${waitMs / 1000} s`);
		await this.#pause(waitMs);
	}

	async #answers(): Promise<boolean> {
		return (await askOllama(this.#parts.ollamaUrl, "/api/version")).kind === "answered";
	}

	/** One that is busy is there, whoever has started it. */
	async #isThere(): Promise<boolean> {
		return (await askOllama(this.#parts.ollamaUrl, "/api/version")).kind !== "closed";
	}

	#pause(ms: number): Promise<void> {
		return this.#parts.clock.pause(ms, this.#stopped.signal);
	}
}
