/** The speeds to reckon with: what was learned, else the prior, each with its number of samples. Pure. */
import { candidateOf, type NodeView } from "../candidate.ts";
import type { Average } from "./average.ts";
import { type Estimates, pairOf, type Speed } from "./estimates.ts";
import { priorRates, type Rates } from "./priors.ts";
import { skewOf } from "./skew.ts";

export interface KnownRates extends Rates {
	/** How many requests each figure rests on; 0 is a guess from the hardware. */
	readonly samples: Readonly<Record<"decode" | "prefill" | "load", number>>;
}

export function ratesOf(estimates: Estimates, node: NodeView, model: string): KnownRates {
	const { decodeTokensPerSecond: decode, prefillTokensPerSecond: prefill, loadS: load } = pairOf(estimates, node.nodeId, model) ?? {};
	const samples = { decode: decode?.samples ?? 0, prefill: prefill?.samples ?? 0, load: load?.samples ?? 0 };
	if (decode && prefill && load && samples.decode && samples.prefill && samples.load) {
		return { decodeTokensPerSecond: decode.value, prefillTokensPerSecond: prefill.value, loadS: load.value, samples };
	}
	const prior = priorRates(node, fileBytes(node, model));
	const likely = (speed: Speed, average: Average | undefined, guess: number) =>
		average && average.samples > 0 ? average.value : (average?.value ?? guess) * skewOf(estimates, speed, node.nodeId, model);
	return {
		decodeTokensPerSecond: likely("decode", decode, prior.decodeTokensPerSecond),
		prefillTokensPerSecond: likely("prefill", prefill, prior.prefillTokensPerSecond),
		loadS: likely("load", load, prior.loadS),
		samples,
	};
}

/** On disk; memory also holds contexts, so it stands in only for a model that is on no disk list. */
function fileBytes(node: NodeView, model: string): number {
	const { installed, resident } = candidateOf(node, model);
	return installed?.size ?? resident?.size ?? 0;
}
