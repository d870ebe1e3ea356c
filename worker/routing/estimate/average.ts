/** Running averages that trust a first sample more than later ones, and no single sample much. Pure. */

export interface Average {
	readonly value: number;
	/** 0: a prior that nothing has confirmed yet. */
	readonly samples: number;
}

export interface Trust {
	/** Share of a later sample in the new value. */
	readonly alpha: number;
	/** Share of the first one. */
	readonly firstAlpha: number;
	/** A sample further off than this factor counts as this far. */
	readonly clampFactor: number;
	/** Priors may be far off, so some first samples are taken as they are. */
	readonly clampsFirst: boolean;
}

/** `average` may be a prior (no samples). Samples that are not positive numbers change nothing. */
export function blend(average: Average, sample: number, { alpha, firstAlpha, clampFactor, clampsFirst }: Trust): Average {
	if (!Number.isFinite(sample) || sample <= 0) return average;
	const isFirst = average.samples === 0;
	const share = isFirst ? firstAlpha : alpha;
	const taken = isFirst && !clampsFirst ? sample : clamp(sample, average.value, clampFactor);
	return { value: average.value + share * (taken - average.value), samples: average.samples + 1 };
}

function clamp(sample: number, around: number, factor: number): number {
	return Math.min(around * factor, Math.max(around / factor, sample));
}
