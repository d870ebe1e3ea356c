import { setTimeout as delay } from "node:timers/promises";

/** Time as the beat's loop sees it; tests pass their own. */
export interface Clock {
	now(): number;
	/** Resolves after the time, or at once when the signal is aborted. */
	pause(ms: number, signal: AbortSignal): Promise<void>;
	/** A number from 0 to 1, for jitter. */
	random(): number;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
	random: () => Math.random(),
};
