/**
 * The settings changed at run time, as this isolate knows them. The Fleet object keeps them and says them anew every second; where
 * it lives in another isolate, as it may at the edge, it is asked when a second has passed. So a request pays nothing under `herd`.
 */

export interface Overrides {
	/** Counts the changes. */
	readonly version: number;
	/** By name, in the form of the environment. */
	readonly values: Readonly<Record<string, string>>;
}

export const NO_OVERRIDES: Overrides = { version: 0, values: {} };
/** The Fleet object's second, and a moment for a busy isolate. */
const TRUSTED_MS = 2_000;

let known: { readonly overrides: Overrides; readonly at: number } = { overrides: NO_OVERRIDES, at: Number.NEGATIVE_INFINITY };

/** The same object while nothing has changed. */
export function overridesInForce(): Overrides {
	return known.overrides;
}

export function isKnown(now: number): boolean {
	return Math.abs(now - known.at) < TRUSTED_MS;
}

export function putInForce(overrides: Overrides, now: number): void {
	known = { overrides: isSame(overrides, known.overrides) ? known.overrides : overrides, at: now };
}

/** The version alone would do, but for a Fleet object that has lost its storage. */
function isSame(one: Overrides, other: Overrides): boolean {
	return one === other || (one.version === other.version && JSON.stringify(one.values) === JSON.stringify(other.values));
}
