/** How long answers are, by app (or key) and model. Pure over the estimates given. */
import { type Average, blend, type Trust } from "./average.ts";
import type { Estimates } from "./estimates.ts";

/** Tokens, before an app is known (routing study 1.1). */
const USUAL_ANSWER_TOKENS = 250;
const ALPHA = 0.1;
/** Apps come from clients, so their number has an end. */
const APPS_KEPT = 2_000;
/** One runaway answer must not make all of an app's requests look long. */
const CLAMP_FACTOR = 8;

/** Expected tokens of the next answer. */
export function expectedTokens({ outputs }: Estimates, app: string, model: string): number {
	return (outputs[outputKey(app, model)] ?? outputs[outputKey(app, "")])?.value ?? USUAL_ANSWER_TOKENS;
}

export function learnOutput(estimates: Estimates, { app, model, tokens }: { app: string; model: string; tokens: number }): void {
	if (tokens <= 0) return;
	const before = expectedTokens(estimates, app, model);
	for (const name of [model, ""]) {
		const key = outputKey(app, name);
		const average = estimates.outputs[key] ?? { value: name === "" ? expectedTokens(estimates, app, "") : before, samples: 0 };
		keep(estimates.outputs, key, blend(average, tokens, trustAfter(average.samples)));
	}
}

/** A plain mean of the first few, then the moving average: otherwise the usual 250 would linger for twenty requests. */
function trustAfter(samples: number): Trust {
	return { alpha: Math.max(ALPHA, 1 / (samples + 2)), firstAlpha: 0.5, clampFactor: CLAMP_FACTOR, clampsFirst: true };
}

/** Kept in order of use, so that the app unseen for longest goes first. */
function keep(outputs: Record<string, Average>, key: string, average: Average): void {
	delete outputs[key];
	outputs[key] = average;
	const keys = Object.keys(outputs);
	for (const oldest of keys.slice(0, Math.max(0, keys.length - APPS_KEPT))) delete outputs[oldest];
}

/** Of an entry in the estimates; without a model, of an app on all models. */
export function outputKey(app: string, model: string): string {
	return `${app}\n${model}`;
}
