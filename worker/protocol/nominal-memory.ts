/** What a machine was sold with. Pure. */

const GIB = 1024 ** 3;
/** What firmware, graphics and a kernel keep for themselves: a 32 GB machine with Linux tells 30.5 to 31.4 GiB. */
const LEAST_SHARE = 0.93;
/** Sizes that memory is sold in, by their steps: 1, 2, 3, 4, 6, 8, 12, 16, 18, 24, 32, 36, 48, 64, 96, 128… */
const STEPS = [1, 1.125, 1.5] as const;

/** The size in GiB that is on the box, for tiers and for names; the exact figure where it is none that is sold. */
export function nominalGib(totalBytes: number): number {
	const gib = totalBytes / GIB;
	const sizes = sizesUpTo(gib / LEAST_SHARE);
	return sizes.find((size) => gib <= size && gib >= size * LEAST_SHARE) ?? Math.round(gib);
}

function sizesUpTo(gib: number): number[] {
	const sizes: number[] = [];
	for (let base = 1; base <= gib; base *= 2) for (const step of STEPS) if (Number.isInteger(base * step)) sizes.push(base * step);
	return sizes.toSorted((a, b) => a - b);
}
