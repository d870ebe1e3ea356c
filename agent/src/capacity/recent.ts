/** Whether the owner's load rises or falls, over the last minutes. */

/** The origin's window. */
const WINDOW_MS = 300_000;
const FEWEST_SAMPLES = 4;
/** Beats may come early, but no more of them than this are kept. */
const MOST_SAMPLES = 64;
/** A change by half of the machine is as steep as it gets. */
const STEEPEST = 0.5;

export class Recent {
	#samples: { at: number; load: number }[] = [];

	add(load: number, at: number): void {
		const kept = this.#samples.filter((sample) => sample.at <= at && at - sample.at < WINDOW_MS);
		this.#samples = [...kept, { at, load }].slice(-MOST_SAMPLES);
	}

	/** From -1, falling, to 1, rising; 0 while too little is known. */
	get trend(): number {
		const loads = this.#samples.map(({ load }) => load);
		if (loads.length < FEWEST_SAMPLES) return 0;
		const middle = Math.floor(loads.length / 2);
		const change = (mean(loads.slice(middle)) - mean(loads.slice(0, middle))) / STEEPEST;
		return Math.min(1, Math.max(-1, change));
	}
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
