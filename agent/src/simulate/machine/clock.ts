/** Time for the simulated machine: handed in, so that tests move it by hand. */

export interface Clock {
	/** Epoch milliseconds, with fractions. */
	now(): number;
	/** Runs `run` once after the delay; the returned function calls it off. */
	after(delayMs: number, run: () => void): () => void;
}

/** The longest delay a timer can hold; anything longer is as good as never. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
	now: () => performance.timeOrigin + performance.now(),
	after(delayMs, run) {
		if (delayMs > MAX_TIMER_MS) return () => {};
		if (delayMs <= 0) {
			const immediate = setImmediate(run);
			return () => clearImmediate(immediate);
		}
		const timer = setTimeout(run, delayMs);
		return () => clearTimeout(timer);
	},
};

/** Waits; returns early, without complaint, when the signal fires: the caller looks at the signal itself. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const finish = () => {
			cancel();
			signal?.removeEventListener("abort", finish);
			resolve();
		};
		const cancel = clock.after(delayMs, finish);
		signal?.addEventListener("abort", finish, { once: true });
	});
}
