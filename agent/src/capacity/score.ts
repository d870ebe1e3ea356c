/** How free the owner leaves the machine, and what follows: the origin's formulas (reference/ollama-herd.md 6.8), mended. Pure. */
import type { CapacityMode } from "../../../worker/protocol/capacity.ts";
import { type Moments, spreadOf } from "./moments.ts";

/** Weights of history, present and trend; what history lacks in trust goes to the present. */
const HISTORY = 0.4;
const PRESENT = 0.4;
const TREND = 0.2;
/** Hours seen of an hour of the week until it is believed: two weeks, where the origin took half a minute. */
const TRUSTED_HOURS = 2;
const GIB = 1024 ** 3;

export interface Situation {
	/** What this hour of the week usually is. */
	history: Moments | undefined;
	/** The owner's, 0 to 1. */
	load: number;
	memory: number;
	/** From -1 to 1. */
	trend: number;
}

/** 0: the owner needs all of it; 1: nobody is there. */
export function availability({ history, load, memory, trend }: Situation): number {
	const trust = history ? trustIn(history) : 0;
	const usual = history ? 1 - history.mean : 0;
	const present = Math.max(0, 1 - 0.7 * load - 0.3 * memory);
	const rising = clamp(0.5 - 0.5 * trend);
	return clamp(usual * HISTORY * trust + present * (PRESENT + HISTORY * (1 - trust)) + rising * TREND);
}

/** An hour that is now this, now that says less of the next one. */
function trustIn(history: Moments): number {
	return Math.min(1, history.hours / TRUSTED_HOURS) * (1 - spreadOf(history));
}

/** From 0 to 1: how long and how much of the week was seen. */
export function confidence(daysObserved: number, meanHours: number): number {
	const share = 0.6 * Math.min(1, daysObserved / 30) + 0.4 * Math.min(1, meanHours / TRUSTED_HOURS);
	return Math.round(share * 100) / 100;
}

export type LearnedMode = Exclude<CapacityMode, "bootstrap">;

/** Upwards: a score below the first number has this mode; the largest model is the smaller of share and bytes. */
const STEPS: readonly (readonly [below: number, mode: LearnedMode, share: number, mostBytes: number])[] = [
	[0.2, "paused", 0, 0],
	[0.4, "learned_low", 0.125, 16 * GIB],
	[0.6, "learned_medium", 0.25, 32 * GIB],
	[0.8, "learned_high", 0.5, 64 * GIB],
];

/** Without a ceiling all that fits may be loaded. */
export function stepFor(score: number, modelMemoryBytes: number): { mode: LearnedMode; ceilingBytes?: number } {
	const step = STEPS.find(([below]) => score < below);
	if (!step) return { mode: "full" };
	const [, mode, share, mostBytes] = step;
	return mode === "paused" ? { mode } : { mode, ceilingBytes: Math.min(mostBytes, Math.round(share * modelMemoryBytes)) };
}

function clamp(value: number): number {
	return Math.min(1, Math.max(0, value));
}
