/** What was learned about the fleet's speed, over a restart. A figure that can't be read is learned anew. */
import * as z from "zod";
import { log } from "../log.ts";
import type { Estimates } from "../routing/estimate/estimates.ts";

const RATES = "rates:";
const OUTPUTS = "outputs";
const SKEWS = "skews";
/** Durable Object storage takes so many entries at once. */
const MOST_AT_ONCE = 100;

const Average = z.object({ value: z.number().positive(), samples: z.number().int().nonnegative() });
const Pair = z.object({
	decodeTokensPerSecond: z.exactOptional(Average),
	prefillTokensPerSecond: z.exactOptional(Average),
	loadS: z.exactOptional(Average),
	residentBytes: z.exactOptional(z.number().positive()),
});
const Skews = z.object({ byNode: z.record(z.string(), z.number()), byModel: z.record(z.string(), z.number()) });
const AllSkews = z.object({ decode: Skews, prefill: Skews, load: Skews });

export async function loadEstimates(storage: DurableObjectStorage, estimates: Estimates): Promise<void> {
	for (const [key, value] of await storage.list({ prefix: RATES })) {
		const pairs = z.record(z.string(), Pair).safeParse(value);
		if (pairs.success) estimates.pairs[key.slice(RATES.length)] = pairs.data;
	}
	const outputs = z.record(z.string(), Average).safeParse(await storage.get(OUTPUTS));
	if (outputs.success) Object.assign(estimates.outputs, outputs.data);
	const skews = AllSkews.safeParse(await storage.get(SKEWS));
	if (skews.success) for (const speed of ["decode", "prefill", "load"] as const) Object.assign(estimates.skews[speed], skews.data[speed]);
}

/** Writes what changed since the last time: the figures of these nodes, and what is known of apps and models. */
export async function saveEstimates(storage: DurableObjectStorage, estimates: Estimates, changed: Set<string>): Promise<void> {
	if (changed.size === 0) return;
	const nodes = [...changed].slice(0, MOST_AT_ONCE);
	for (const nodeId of nodes) changed.delete(nodeId);
	const entries = nodes.map((nodeId) => [RATES + nodeId, estimates.pairs[nodeId] ?? {}] as const);
	const all = { ...Object.fromEntries(entries), [OUTPUTS]: estimates.outputs, [SKEWS]: estimates.skews };
	await storage.put(all, { allowUnconfirmed: true }).catch((error: unknown) => {
		log("warn", "What was learned about speeds could not be saved, this is tried again", { error: String(error) });
		for (const nodeId of nodes) changed.add(nodeId);
	});
}

export function dropEstimates(storage: DurableObjectStorage, nodeId: string): void {
	void storage.delete(RATES + nodeId, { allowUnconfirmed: true });
}
