/** What a finished request teaches. Pure over the estimates given. */
import { blend, type Trust } from "./average.ts";
import { type Estimates, openPair, type Speed } from "./estimates.ts";
import { learnOutput } from "./output.ts";
import type { Rates } from "./priors.ts";
import { learnSkew, skewOf } from "./skew.ts";

/** Ollama's counters at the end of an answer, and what the router believed when it sent the request. */
export interface Observation {
	readonly nodeId: string;
	readonly model: string;
	/** Whose answers these are: the app's tag, else the key. */
	readonly app: string;
	/** `prompt_eval_count`: the whole prompt, cached tokens too. */
	readonly promptTokens: number | undefined;
	/** `prompt_eval_duration`: only what had to be read. */
	readonly prefillMs: number | undefined;
	/** `eval_count` and `eval_duration`. */
	readonly outputTokens: number | undefined;
	readonly decodeMs: number | undefined;
	/** `load_duration`: waiting for the scheduler and for evictions is in it. */
	readonly loadMs: number | undefined;
	/** Requests that ran on the node meanwhile, this one included (mean); the rates are then of a machine to itself. */
	readonly sharing: number;
	/** Tokens of the prompt believed to be in the node's prefix cache. */
	readonly knownTokens: number;
	/** The model had to be loaded, and nothing stood in its way: no other load, no busy model to evict. */
	readonly loadedAlone: boolean;
}

/** Below these a rate says more about the clock than about the machine. */
const FEWEST_UNCACHED_TOKENS = 30;
const FEWEST_OUTPUT_TOKENS = 4;
/** `load_duration` is some milliseconds for a model that was there after all. */
const SHORTEST_LOAD_MS = 100;

const FIELD = { decode: "decodeTokensPerSecond", prefill: "prefillTokensPerSecond", load: "loadS" } as const;

const DECODE_TRUST: Trust = { alpha: 0.3, firstAlpha: 0.7, clampFactor: 3, clampsFirst: false };
/** A wrong belief about the prefix cache looks like a rate that is wrong by far. */
const PREFILL_TRUST: Trust = { alpha: 0.3, firstAlpha: 0.7, clampFactor: 3, clampsFirst: true };
const LOAD_TRUST: Trust = { alpha: 0.5, firstAlpha: 0.5, clampFactor: 3, clampsFirst: false };
const TRUST: Record<Speed, Trust> = { decode: DECODE_TRUST, prefill: PREFILL_TRUST, load: LOAD_TRUST };

/** `before`: the rates the estimates gave until now, for a pair with no samples yet. */
export function learn(estimates: Estimates, observation: Observation, before: Rates): void {
	const { model, app, outputTokens = 0, sharing } = observation;
	const uncached = (observation.promptTokens ?? 0) - observation.knownTokens;
	if (uncached > FEWEST_UNCACHED_TOKENS && observation.prefillMs) {
		const sample = perSecond(uncached, observation.prefillMs) * sharing;
		take(estimates, observation, { speed: "prefill", sample, before: before.prefillTokensPerSecond });
	}
	if (outputTokens >= FEWEST_OUTPUT_TOKENS && observation.decodeMs) {
		const sample = perSecond(outputTokens, observation.decodeMs) * sharing;
		take(estimates, observation, { speed: "decode", sample, before: before.decodeTokensPerSecond });
	}
	if (observation.loadedAlone && (observation.loadMs ?? 0) >= SHORTEST_LOAD_MS) {
		take(estimates, observation, { speed: "load", sample: (observation.loadMs ?? 0) / 1000, before: before.loadS });
	}
	learnOutput(estimates, { app, model, tokens: outputTokens });
}

interface Sample {
	readonly speed: Speed;
	readonly sample: number;
	readonly before: number;
}

function take(estimates: Estimates, { nodeId, model }: Observation, { speed, sample, before }: Sample): void {
	const pair = openPair(estimates, nodeId, model);
	const field = FIELD[speed];
	const known = pair[field];
	const isFirst = (known?.samples ?? 0) === 0;
	const skew = skewOf(estimates, speed, nodeId, model);
	pair[field] = blend(isFirst ? { value: before, samples: 0 } : (known ?? { value: before, samples: 0 }), sample, TRUST[speed]);
	if (isFirst) learnSkew(estimates, speed, { nodeId, model, ratio: (sample * skew) / before });
}

function perSecond(tokens: number, ms: number): number {
	return (tokens * 1000) / ms;
}
