/** As the origin reckons them: linear between the two values about (n − 1) · p ÷ 100. Null of nothing. Pure. */
export function percentile(values: readonly number[], percent: number): number | null {
	const sorted = values.toSorted((a, b) => a - b);
	const at = ((sorted.length - 1) * percent) / 100;
	const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
	if (below === undefined || above === undefined) return null;
	return rounded(below + (above - below) * (at - Math.floor(at)));
}

export function mean(values: readonly number[]): number | null {
	return values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Null where there is nothing to divide by. */
export function perSecond(count: number, ms: number): number | null {
	return count > 0 && ms > 0 ? rounded((count * 1000) / ms) : null;
}

/** Hundredths are plenty. */
export function rounded(value: number): number {
	return Math.round(value * 100) / 100;
}
