/**
 * Which models are in memory: the rules of Ollama's scheduler, with the clock handed in and no network.
 * One load at a time; a request for what is already loaded never waits behind one.
 */
import { sleep, type Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import { planLoad, type LoadPlan } from "./load-plan.ts";
import type { ModelSpec } from "../models.ts";
import { loadMs } from "./pace.ts";
import { PrefixCache } from "./prefix-cache.ts";
import type { MachineProfile } from "../profiles.ts";
import type { Runner } from "./runner.ts";
import { needsReload, resolveRunnerOptions, type AskedOptions, type RunnerOptions } from "./runner-options.ts";
import { Slots } from "./slots.ts";
import type { VersionRules } from "./version-rules.ts";

export const QUEUE_FULL = "server busy, please try again.  maximum pending requests exceeded";
const CHARACTERS_PER_TOKEN = 4;
const RAM_CACHE_BYTES = 8192 * 1024 ** 2;
/** More text than this is not kept, whatever the figures say. */
const RAM_CACHE_CHARACTERS = 4_000_000;

export interface SchedulerSettings {
	parallel: number;
	maxLoaded: number;
	maxQueue: number;
	keepAliveMs: number;
	contextLength: number | undefined;
	timeScale: number;
}

export interface Need {
	name: string;
	model: ModelSpec;
	digest: string;
	asked: AskedOptions;
	keepAliveMs: number | undefined;
}

export type Grant = { kind: "granted"; runner: Runner } | { kind: "refused"; status: number; text: string } | { kind: "abandoned" };

interface Pending {
	need: Need;
	wanted: RunnerOptions;
	signal: AbortSignal;
	settle: (grant: Grant) => void;
}

export interface SchedulerParts {
	profile: MachineProfile;
	settings: SchedulerSettings;
	rules: VersionRules;
	faults: Faults;
	clock: Clock;
}

export class Scheduler {
	readonly #parts: SchedulerParts;
	readonly #loaded = new Map<string, Runner>();
	readonly #pending: Pending[] = [];
	readonly #readBefore = new Set<string>();
	#draining = false;
	#stopped = false;
	/** Unloading: out of the list, but still in memory. */
	readonly #leaving = new Set<Runner>();
	readonly #unloadWaiters = new Set<() => void>();
	#loading: { name: string; sizeBytes: number } | undefined;

	constructor(parts: SchedulerParts) {
		this.#parts = parts;
	}

	/** The runners in memory, those that finish their work before leaving included. */
	get runners(): Runner[] {
		return [...this.#loaded.values()];
	}

	get pending(): number {
		return this.#pending.length + (this.#draining ? 1 : 0);
	}

	get loading(): { name: string; sizeBytes: number } | undefined {
		return this.#loading;
	}

	/** A reference to a fitting runner, loaded for it if need be. Give it back with `release`. */
	acquire(need: Need, signal: AbortSignal): Promise<Grant> {
		const wanted = resolveRunnerOptions(need.model, need.asked, this.#parts.settings.contextLength);
		const runner = this.#loaded.get(keyOf(need.model));
		if (runner && this.#serves(runner, need, wanted)) return Promise.resolve(this.#hand(runner, need));
		if (this.#pending.length >= this.#parts.settings.maxQueue) return Promise.resolve({ kind: "refused", status: 503, text: QUEUE_FULL });
		return new Promise((settle) => {
			this.#pending.push({ need, wanted, signal, settle });
			void this.#drain();
		});
	}

	/** In memory at once, without the time a load takes. */
	preload(need: Need): void {
		const wanted = resolveRunnerOptions(need.model, need.asked, this.#parts.settings.contextLength);
		const runner = this.#started(need, wanted, this.#plan(need, wanted));
		if (need.keepAliveMs !== undefined) runner.keepAliveMs = need.keepAliveMs;
		this.#readBefore.add(runner.key);
		this.#loaded.set(runner.key, runner);
		this.#arm(runner);
	}

	release(runner: Runner): void {
		runner.references--;
		if (runner.references > 0) return;
		if (runner.keepAliveMs <= 0) this.#unload(runner);
		else this.#arm(runner);
	}

	/** Lets the model go as soon as nobody uses it. */
	expire(model: ModelSpec): void {
		const runner = this.#loaded.get(keyOf(model));
		if (runner) this.#expire(runner);
	}

	/** As if all processes had ended, those that still load or work included. */
	stop(): void {
		this.#stopped = true;
		for (const runner of this.#loaded.values()) runner.stopTimer();
		this.#loaded.clear();
	}

	/** The process of a loaded model ends: its requests fail, and it stays listed until somebody asks for it. */
	kill(model: ModelSpec): void {
		const runner = this.#loaded.get(keyOf(model));
		if (!runner) return;
		runner.dead = true;
		runner.death.abort();
	}

	#serves(runner: Runner, need: Need, wanted: RunnerOptions): boolean {
		return !runner.dead && !needsReload(runner, wanted, need.model, this.#parts.rules);
	}

	#hand(runner: Runner, need: Need): Grant {
		runner.references++;
		runner.stopTimer();
		if (need.keepAliveMs !== undefined) runner.keepAliveMs = need.keepAliveMs;
		return { kind: "granted", runner };
	}

	async #drain(): Promise<void> {
		if (this.#draining) return;
		this.#draining = true;
		for (let pending = this.#pending.shift(); pending; pending = this.#pending.shift()) pending.settle(await this.#serve(pending));
		this.#draining = false;
	}

	async #serve(pending: Pending): Promise<Grant> {
		const { need, wanted, signal } = pending;
		while (!signal.aborted) {
			// What leaves is waited for: planning in memory that is about to be free would spill for nothing.
			if (this.#leaving.size > 0) {
				await this.#nextUnload(signal);
				continue;
			}
			const runner = this.#loaded.get(keyOf(need.model));
			if (runner && this.#serves(runner, need, wanted)) return this.#hand(runner, need);
			const plan = this.#plan(need, wanted);
			const victim = runner ?? this.#victimFor(plan);
			if (!victim) return this.#load(pending, plan);
			this.#expire(victim);
			if (this.#leaving.size === 0) await this.#nextUnload(signal);
		}
		return { kind: "abandoned" };
	}

	#plan(need: Need, wanted: RunnerOptions): LoadPlan {
		const usedGpuBytes = this.runners.reduce((sum, runner) => sum + runner.gpuBytes, 0);
		return planLoad(need.model, wanted, { ...this.#parts, usedGpuBytes });
	}

	/** Whom to push out so that this load has room; an idle one first, shorter keep-alive first. */
	#victimFor(plan: LoadPlan): Runner | undefined {
		if (this.#loaded.size === 0) return undefined;
		if (this.#loaded.size < this.#parts.settings.maxLoaded && plan.fitsBeside) return undefined;
		return this.runners.toSorted(
			(one, other) =>
				Math.sign(one.references) - Math.sign(other.references) || one.keepAliveMs - other.keepAliveMs || compare(one.key, other.key),
		)[0];
	}

	async #load({ need, wanted, signal }: Pending, plan: LoadPlan): Promise<Grant> {
		const { clock, faults, profile, settings } = this.#parts;
		if (plan.failure) return { kind: "refused", status: 500, text: plan.failure };
		this.#loading = { name: need.name, sizeBytes: plan.sizeBytes };
		const duration = (loadMs(profile, need.model, this.#readBefore.has(keyOf(need.model))) * faults.loadSlowdown) / settings.timeScale;
		if (duration > 0) await sleep(clock, duration, signal);
		this.#loading = undefined;
		if (signal.aborted) return { kind: "abandoned" };
		if (faults.loadFailure !== undefined) return { kind: "refused", status: 500, text: faults.loadFailure };
		this.#readBefore.add(keyOf(need.model));
		const runner = this.#started(need, wanted, plan);
		this.#loaded.set(runner.key, runner);
		return this.#hand(runner, need);
	}

	#started(need: Need, wanted: RunnerOptions, plan: LoadPlan): Runner {
		const { settings, rules, clock } = this.#parts;
		const { kvBytesPerToken } = need.model;
		const storedTokens = RAM_CACHE_BYTES / Math.max(1, kvBytesPerToken);
		const storedCharacters = rules.ramPromptCache ? Math.min(RAM_CACHE_CHARACTERS, storedTokens * CHARACTERS_PER_TOKEN) : 0;
		return {
			...plan,
			key: keyOf(need.model),
			name: need.name,
			model: need.model,
			digest: need.digest,
			asked: wanted,
			slots: new Slots(plan.parallel),
			cache: new PrefixCache(plan.parallel, { storedCharacters, spreads: rules.llamaServer }),
			references: 0,
			reading: 0,
			keepAliveMs: settings.keepAliveMs,
			expiresAt: clock.now() + settings.keepAliveMs,
			dead: false,
			death: new AbortController(),
			stopTimer: () => {},
		};
	}

	#arm(runner: Runner): void {
		runner.stopTimer();
		runner.expiresAt = this.#parts.clock.now() + runner.keepAliveMs;
		if (this.#stopped || runner.keepAliveMs === Number.POSITIVE_INFINITY) return;
		runner.stopTimer = this.#parts.clock.after(runner.keepAliveMs, () => this.#unload(runner));
	}

	#expire(runner: Runner): void {
		runner.keepAliveMs = 0;
		runner.expiresAt = this.#parts.clock.now();
		if (runner.references <= 0) this.#unload(runner);
	}

	#unload(runner: Runner): void {
		if (this.#loaded.get(runner.key) !== runner) return;
		const { clock, profile, settings } = this.#parts;
		runner.stopTimer();
		this.#loaded.delete(runner.key);
		this.#leaving.add(runner);
		const finish = () => {
			this.#leaving.delete(runner);
			for (const wake of this.#unloadWaiters) wake();
		};
		const duration = profile.unloadMs / settings.timeScale;
		if (duration > 0) clock.after(duration, finish);
		else queueMicrotask(finish);
	}

	#nextUnload(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				this.#unloadWaiters.delete(wake);
				signal.removeEventListener("abort", wake);
				resolve();
			};
			this.#unloadWaiters.add(wake);
			signal.addEventListener("abort", wake);
		});
	}
}

function keyOf(model: ModelSpec): string {
	return model.weightsOf ?? model.name;
}

function compare(one: string, other: string): number {
	return one < other ? -1 : Number(one > other);
}
