import { ceilingBytes, freeMemoryBytes } from "../candidate.ts";
import type { Signal } from "../signal.ts";

/** Free memory over model size, and what the fit is then worth. */
const STEPS: readonly (readonly [above: number, rate: number])[] = [
	[2, 1],
	[1.5, 0.75],
	[1.2, 0.4],
];
const JUST_FITS_RATE = 0.15;

/** How comfortably the model would fit into the memory that is free now, as far as the owner leaves it. */
export const memoryFit: Signal = (candidate) => {
	if (candidate.resident) return 1;
	if (candidate.sizeBytes <= 0) return 0;
	const freeBytes = Math.min(freeMemoryBytes(candidate.node), ceilingBytes(candidate.node));
	const ratio = freeBytes / candidate.sizeBytes;
	const step = STEPS.find(([above]) => ratio > above);
	return step?.[1] ?? (ratio >= 1 ? JUST_FITS_RATE : 0);
};
