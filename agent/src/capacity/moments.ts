/** How large something usually was and how much it varied, in three numbers whatever the time observed. Pure. */

/** Half of what is known is this old: a new habit outweighs the old one within three weeks (the origin: the same 15 days). */
const HALF_LIFE_MS = 15 * 86_400_000;

export interface Moments {
	/** Hours observed, older ones counted for less. */
	hours: number;
	mean: number;
	/** Sum of the squared distances from the mean, weighted as the hours. */
	m2: number;
	/** Epoch milliseconds of the last observation. */
	at: number;
}

/** Takes in that `value` held for so many hours (Welford's way, with decay). */
export function observe(before: Moments | undefined, value: number, { hours, at }: { hours: number; at: number }): Moments {
	const old = before ? decayed(before, at) : { hours: 0, mean: value, m2: 0, at };
	const total = old.hours + hours;
	const distance = value - old.mean;
	const mean = old.mean + (distance * hours) / total;
	return { hours: total, mean, m2: old.m2 + hours * distance * (value - mean), at };
}

/** As much as is left of it. A clock that was set back makes nothing younger. */
export function decayed({ hours, mean, m2, at }: Moments, now: number): Moments {
	const left = 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS);
	return { hours: hours * left, mean, m2: m2 * left, at: now };
}

/** The standard deviation; at most half of the range that the values have. */
export function spreadOf({ hours, m2 }: Moments): number {
	return hours > 0 ? Math.sqrt(m2 / hours) : 0;
}
