/** One request in a runner: wait for a slot, read the prompt, then a token at a time at the machine's pace. */
import { sleep, type Clock } from "../machine/clock.ts";
import type { Faults } from "../machine/faults.ts";
import { batchTokens, prefillMs, slotSlowdown, tokenMs } from "../machine/pace.ts";
import type { MachineProfile } from "../profiles.ts";
import type { Runner } from "../machine/runner.ts";
import type { VersionRules } from "../machine/version-rules.ts";
import type { Piece } from "./answer.ts";
import { StopGuard } from "./stop-guard.ts";

/** Let the event loop turn at least this often, however fast the machine is. */
const TOKENS_PER_TURN = 32;
/** A reader who falls further behind than this does not get the missed time back as a burst. */
const LARGEST_LAG_MS = 250;
/** Ollama gives up on a model that repeats itself. */
const REPEAT_LIMIT = 30;
/** An unlimited answer ends after this many contexts. */
const CONTEXTS_AT_MOST = 10;

export interface Job {
	runner: Runner;
	prompt: string;
	promptTokens: number;
	pieces: Iterable<Piece>;
	/** `num_predict`; nothing or less than one is unlimited. */
	maxTokens: number | undefined;
	stops: readonly string[];
	signal: AbortSignal;
}

export interface Counters {
	promptTokens: number;
	promptMs: number;
	evalTokens: number;
	evalMs: number;
}

export type GenerationEvent =
	| { kind: "piece"; piece: Piece; token: string }
	| { kind: "finished"; reason: "stop" | "length"; counters: Counters }
	/** The model repeats itself: the stream ends without its last line. */
	| { kind: "given-up" }
	| { kind: "died" };

export interface Shop {
	profile: MachineProfile;
	clock: Clock;
	faults: Faults;
	rules: VersionRules;
	timeScale: number;
	/** Other models that are at work on the same machine. */
	othersBusy(runner: Runner): number;
}

export async function* generation(shop: Shop, job: Job): AsyncGenerator<GenerationEvent> {
	const { runner, signal } = job;
	let cachedCharacters = 0;
	const choose = (idle: readonly number[]) => {
		const begun = runner.cache.begin(job.prompt, idle, shop.clock.now());
		cachedCharacters = begun.cachedCharacters;
		return begun.slot;
	};
	const slot = await runner.slots.take(choose, signal);
	if (slot === undefined) return;
	try {
		const cachedTokens = Math.floor((cachedCharacters / Math.max(1, job.prompt.length)) * job.promptTokens);
		// The last token is always read again, to have something to continue from.
		const promptMs = await readPrompt(shop, job, Math.max(1, job.promptTokens - cachedTokens));
		if (signal.aborted) return;
		if (runner.death.signal.aborted) yield { kind: "died" };
		else yield* speakPaced(shop, job, { promptMs, slot });
	} finally {
		runner.slots.release(slot);
	}
}

/** A batch that has begun runs to its end, whoever has left; slots that read at the same time share the speed. */
async function readPrompt(shop: Shop, { runner, signal }: Job, tokens: number): Promise<number> {
	const { clock, profile, faults, timeScale } = shop;
	const batch = batchTokens(runner.context * runner.slots.count, runner.asked.batch);
	let total = 0;
	runner.reading++;
	for (let done = 0; done < tokens && !signal.aborted && !runner.death.signal.aborted; done += batch) {
		const alone = prefillMs(profile, runner.model, runner.gpuShare, Math.min(batch, tokens - done));
		const paced = (alone * runner.reading * faults.thermalSlowdown * (1 + shop.othersBusy(runner))) / timeScale;
		if (paced > 0) await sleep(clock, paced, runner.death.signal);
		total += paced;
	}
	runner.reading--;
	return total;
}

async function* speakPaced(shop: Shop, job: Job, { promptMs, slot }: { promptMs: number; slot: number }): AsyncGenerator<GenerationEvent> {
	const { runner, signal } = job;
	const { death } = runner;
	const guard = new StopGuard(job.stops);
	const limit = tokenLimit(job, shop.rules);
	const pace = new Pace(shop, job);
	let evalTokens = 0;
	let said = "";
	let repeats = 0;
	let last = "";
	const finished = (reason: "stop" | "length"): GenerationEvent => {
		runner.cache.finish(slot, job.prompt + said, shop.clock.now());
		return { kind: "finished", reason, counters: { promptTokens: job.promptTokens, promptMs, evalTokens, evalMs: pace.totalMs } };
	};
	for (const piece of job.pieces) {
		await pace.nextToken(evalTokens);
		if (signal.aborted) return;
		if (death.signal.aborted) return yield { kind: "died" };
		if (piece.kind !== "tool-call") evalTokens++;
		const token = "text" in piece ? piece.text : "";
		repeats = token !== "" && token === last ? repeats + 1 : 0;
		last = token;
		if (repeats > REPEAT_LIMIT) return yield { kind: "given-up" };
		const shown = piece.kind === "content" ? guard.push(piece.text) : undefined;
		said += shown?.text ?? token;
		if (!shown) yield { kind: "piece", piece, token };
		else if (shown.text !== "") yield { kind: "piece", piece: { kind: "content", text: shown.text }, token };
		if (shown?.stopped) return yield finished("stop");
		if (evalTokens >= limit) return yield finished("length");
	}
	const rest = guard.rest();
	if (rest !== "") yield { kind: "piece", piece: { kind: "content", text: rest }, token: rest };
	await pace.nextToken(evalTokens);
	if (signal.aborted) return;
	evalTokens++;
	yield finished("stop");
}

function tokenLimit({ runner, promptTokens, maxTokens }: Job, rules: VersionRules): number {
	const asked = maxTokens !== undefined && maxTokens > 0 ? maxTokens : runner.context * CONTEXTS_AT_MOST;
	if (runner.asked.shift) return asked;
	return Math.min(asked, Math.max(1, Math.max(runner.context, rules.smallestRunnerContext) - promptTokens + 1));
}

/** Deadlines instead of delays, so that late timers don't slow the machine down. */
class Pace {
	readonly #shop: Shop;
	readonly #job: Job;
	#dueAt: number;
	#count = 0;
	totalMs = 0;

	constructor(shop: Shop, job: Job) {
		this.#shop = shop;
		this.#job = job;
		this.#dueAt = shop.clock.now();
	}

	async nextToken(evalTokens: number): Promise<void> {
		const { clock, profile, faults, timeScale } = this.#shop;
		const { runner, promptTokens, signal } = this.#job;
		const alone = tokenMs(profile, runner.model, runner.gpuShare, promptTokens + evalTokens);
		const slower = slotSlowdown(profile, runner.model, runner.slots.busy) * (1 + this.#shop.othersBusy(runner)) * faults.thermalSlowdown;
		const step = (alone * slower) / timeScale;
		this.totalMs += step;
		this.#dueAt = Math.max(this.#dueAt + step, clock.now() - LARGEST_LAG_MS);
		const wait = this.#dueAt - clock.now();
		if (wait > 0 || ++this.#count % TOKENS_PER_TURN === 0) await sleep(clock, Math.max(0, wait), signal);
	}
}
