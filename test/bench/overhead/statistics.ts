/** Figures of samples; pure. */

/** The smallest sample that at least this share (0 to 1) of all samples does not exceed; undefined without samples. */
export function percentile(samples: readonly number[], share: number): number | undefined {
	const sorted = Float64Array.from(samples).sort();
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export interface Summary {
	p50?: number;
	p99?: number;
	samples: number;
}

export function summarize(samples: readonly number[]): Summary {
	const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
	return { ...(p50 !== undefined && { p50 }), ...(p99 !== undefined && { p99 }), samples: samples.length };
}

export function difference(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : a - b;
}

export function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
