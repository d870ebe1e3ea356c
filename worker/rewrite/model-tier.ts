/** Which of the fleet's models stands in for a cloud model that an agent program has built in. Pure. */
import { categoryOf, talks } from "./category.ts";
import { billionsOf, type FleetModel } from "./fleet-model.ts";

export type Tier = "fast" | "neutral" | "premium";

/** Names that Claude Code and Codex ask for without being told to. A tag or a namespace makes a name Ollama's own. */
const BUILT_IN = /^(?:claude-|codex-|gpt-5(?![a-z0-9])|o[34](?![a-z0-9]))[^:/]*$/;
const TIER_WORDS: readonly (readonly [Tier, readonly string[]])[] = [
	["fast", ["haiku", "mini", "nano"]],
	["premium", ["opus", "pro", "max"]],
];
/** What a billion parameters are worth. */
const PER_BILLION: Record<Tier, number> = { fast: -0.5, neutral: 0, premium: 0.1 };
const UNKNOWN_QUALITY = 50;
const CATEGORY_BONUS: Record<string, number> = { coding: 15, general: 5, "fast-chat": 0, creative: -5, reasoning: -5, vision: -10 };

/** Undefined for a name that is no built-in one. */
export function tierOf(name: string): Tier | undefined {
	const lower = name.trim().toLowerCase();
	if (!BUILT_IN.test(lower)) return undefined;
	const words = lower.split(/[^a-z0-9]+/);
	return TIER_WORDS.find(([, marks]) => marks.some((mark) => words.includes(mark)))?.[0] ?? "neutral";
}

/** Models with tools come first, since those programs do nothing without; then loaded ones, then the best for the tier. */
export function bestForTier(tier: Tier, models: readonly FleetModel[], { needsVision }: { needsVision: boolean }): FleetModel | undefined {
	return models
		.filter((model) => talks(model) && (!needsVision || can(model, "vision")))
		.sort(
			(a, b) =>
				Number(can(b, "tools")) - Number(can(a, "tools")) ||
				Number(b.loaded) - Number(a.loaded) ||
				tierScore(b, tier) - tierScore(a, tier) ||
				a.name.localeCompare(b.name),
		)[0];
}

export function tierScore(model: FleetModel, tier: Tier): number {
	return (model.quality ?? UNKNOWN_QUALITY) + (CATEGORY_BONUS[categoryOf(model)] ?? 0) + PER_BILLION[tier] * billionsOf(model);
}

function can({ capabilities }: FleetModel, capability: string): boolean {
	return capabilities?.includes(capability) ?? false;
}
