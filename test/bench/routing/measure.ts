/** Runs scenarios under policies over several seeds. */
import { simulate } from "./engine/simulate.ts";
import { type Figures, figuresOf, mean } from "./figures.ts";
import { offeredLoad } from "./offered-load.ts";
import { POLICIES, type PolicyName } from "./policies/all.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

export interface Measured {
	readonly scenario: string;
	readonly policy: PolicyName;
	readonly mean: Figures;
	/** Of the p95 first token between seeds. */
	readonly ttft95Range: readonly [lowest: number, highest: number];
	readonly seeds: readonly Figures[];
}

export interface RoutingResult {
	readonly seeds: readonly number[];
	/** Mean over the seeds: part of the fleet's time that the work would take with everything in memory. */
	readonly offeredLoad: Readonly<Record<string, number>>;
	readonly measured: readonly Measured[];
}

export interface Wanted {
	readonly scenarios: readonly string[];
	readonly policies: readonly PolicyName[];
	readonly seeds: readonly number[];
}

export function measureRouting({ scenarios, policies, seeds }: Wanted, say: (line: string) => void): RoutingResult {
	const chosen = SCENARIOS.filter(({ name }) => scenarios.includes(name));
	const loads = chosen.map((scenario) => [scenario.name, mean(seeds.map((seed) => offeredLoad(scenario.plan(seed))))] as const);
	const measured = chosen.flatMap((scenario) => policies.map((policy) => measureOne(scenario, policy, { seeds, say })));
	return { seeds, offeredLoad: Object.fromEntries(loads), measured };
}

function measureOne(
	scenario: Scenario,
	policy: PolicyName,
	{ seeds, say }: { seeds: readonly number[]; say: (line: string) => void },
): Measured {
	const startedAt = performance.now();
	const runs = seeds.map((seed) => {
		const plan = scenario.plan(seed);
		return figuresOf(plan, simulate(plan, POLICIES[policy]), scenario.warmUpRatio);
	});
	const ttft95 = runs.map((figures) => figures.ttft95);
	say(`${scenario.name}, ${policy}: ${seeds.length} seeds in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
	return { scenario: scenario.name, policy, mean: meanFigures(runs), ttft95Range: [Math.min(...ttft95), Math.max(...ttft95)], seeds: runs };
}

function meanFigures(runs: readonly Figures[]): Figures {
	const [first] = runs;
	if (!first) throw new Error("No seed was run");
	const keys = Object.keys(first) as (keyof Figures)[];
	return Object.fromEntries(keys.map((key) => [key, mean(runs.map((figures) => figures[key]))])) as unknown as Figures;
}
