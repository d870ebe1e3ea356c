/**
 * One figure for how good a model is, out of benchmarks of which every model has others: each score is taken as the model's own
 * quality plus how easy the benchmark is, and both are fitted over all models. It is on the scale of GPQA. Pure.
 */
import type { CatalogueModel } from "./lookup.ts";

const SCALE = "GPQA";
const ROUNDS = 30;
/** A benchmark of few models says nothing about how easy it is. */
const FEWEST_MODELS = 4;

/** By main name; a model without any score is not in it. */
export function qualities(models: readonly CatalogueModel[]): ReadonlyMap<string, number> {
	const all = models.flatMap(({ mainName, benchmarks }) => benchmarks.map(({ name, score }) => ({ model: mainName, name, score })));
	const scores = all.filter(({ name }) => all.filter((one) => one.name === name).length >= FEWEST_MODELS);
	const quality = new Map<string, number>();
	const ease = new Map<string, number>();
	for (let round = 0; round < ROUNDS; round++) {
		fit(scores, { of: ({ model }) => model, into: quality, beside: ({ name }) => ease.get(name) ?? 0 });
		fit(scores, { of: ({ name }) => name, into: ease, beside: ({ model }) => quality.get(model) ?? 0 });
		const zero = ease.get(SCALE) ?? 0;
		for (const [name, value] of ease) ease.set(name, value - zero);
	}
	return quality;
}

interface Score {
	readonly model: string;
	readonly name: string;
	readonly score: number;
}

interface Fit {
	readonly of: (score: Score) => string;
	readonly into: Map<string, number>;
	readonly beside: (score: Score) => number;
}

/** The mean of what the other side leaves over. */
function fit(scores: readonly Score[], { of, into, beside }: Fit): void {
	const rests = new Map<string, number[]>();
	for (const score of scores) {
		const key = of(score);
		rests.set(key, [...(rests.get(key) ?? []), score.score - beside(score)]);
	}
	for (const [key, values] of rests) into.set(key, values.reduce((sum, value) => sum + value, 0) / values.length);
}
