/** What was learned about the fleet's speed, over a restart. A figure that can't be read is learned anew. Pure. */
import * as z from "zod";
import type { Estimates } from "../routing/estimate/estimates.ts";

export const RATES_PREFIX = "rates:";
/** Of apps and models, and how far off the first guesses were. */
export const LEARNED_PREFIX = "learned:";
const OUTPUTS = `${LEARNED_PREFIX}outputs`;
const SKEWS = `${LEARNED_PREFIX}skews`;

const Average = z.object({ value: z.number().positive(), samples: z.number().int().nonnegative() });
const Pair = z.object({
	decodeTokensPerSecond: z.exactOptional(Average),
	prefillTokensPerSecond: z.exactOptional(Average),
	loadS: z.exactOptional(Average),
	residentBytes: z.exactOptional(z.number().positive()),
});
const Skews = z.object({ byNode: z.record(z.string(), z.number()), byModel: z.record(z.string(), z.number()) });
const AllSkews = z.object({ decode: Skews, prefill: Skews, load: Skews });

export function restoreEstimates(estimates: Estimates, saved: ReadonlyMap<string, unknown>): void {
	for (const [key, value] of saved) {
		const pairs = key.startsWith(RATES_PREFIX) ? z.record(z.string(), Pair).safeParse(value) : undefined;
		if (pairs?.success) estimates.pairs[key.slice(RATES_PREFIX.length)] = pairs.data;
	}
	const outputs = z.record(z.string(), Average).safeParse(saved.get(OUTPUTS));
	if (outputs.success) Object.assign(estimates.outputs, outputs.data);
	const skews = AllSkews.safeParse(saved.get(SKEWS));
	if (skews.success) for (const speed of ["decode", "prefill", "load"] as const) Object.assign(estimates.skews[speed], skews.data[speed]);
}

/** The figures of these nodes, and what is known of apps and models; none without a node. */
export function savedEstimates(estimates: Estimates, nodeIds: ReadonlySet<string>): [key: string, value: unknown][] {
	if (nodeIds.size === 0) return [];
	const rates = [...nodeIds].map((nodeId): [string, unknown] => [RATES_PREFIX + nodeId, estimates.pairs[nodeId] ?? {}]);
	return [...rates, [OUTPUTS, estimates.outputs], [SKEWS, estimates.skews]];
}
