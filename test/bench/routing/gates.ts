/** The routing study's targets (section 5), checked on the means over the seeds. Pure. */
import type { Figures } from "./figures.ts";
import type { RoutingResult } from "./measure.ts";
import type { PolicyName } from "./policies/all.ts";

export interface GateResult {
	readonly scenario: string;
	readonly says: string;
	readonly measured: number;
	readonly limit: number;
	readonly holds: boolean;
}

type Rival = Extract<PolicyName, "herd-0.6.1" | "herd-fixed" | "oracle">;

/** `ours` may be at most (or at least) `limit`, which may hang on a rival's figure. */
interface Gate {
	readonly says: string;
	readonly figure: keyof Figures;
	readonly rival?: Rival;
	readonly limit: (rival: number) => number;
	readonly atLeast?: true;
}

const p95Below = (factor: number, rival: Rival): Gate => ({
	says: `p95 first token ≤ ${factor} × ${rival}`,
	figure: "ttft95",
	rival,
	limit: (other) => factor * other,
});
const againstHerd = (factor: number) => p95Below(factor, "herd-0.6.1");
const againstFixed = (factor: number) => p95Below(factor, "herd-fixed");
const againstOracle = (factor: number) => p95Below(factor, "oracle");
const atMost = (says: string, figure: keyof Figures, limit: number): Gate => ({ says, figure, limit: () => limit });

const ALL_FINISH = atMost("every request finishes", "unfinished", 0);
const EVERYWHERE: readonly Gate[] = [ALL_FINISH, atMost("no model's p95 above 5 × that of all (proposed)", "worstModelRatio", 5)];

const GATES: Readonly<Record<string, readonly Gate[]>> = {
	home30: [againstHerd(0.8), againstOracle(1.5)],
	home60: [
		againstHerd(0.6),
		againstOracle(1.3),
		{
			says: "first tokens within 2 s ≥ herd + 5 points",
			figure: "goodPercent",
			rival: "herd-0.6.1",
			limit: (other) => other + 5,
			atLeast: true,
		},
		{ says: "loads ≤ herd", figure: "loads", rival: "herd-0.6.1", limit: (other) => other },
		{ says: "mean slowdown ≤ 0.4 × herd", figure: "slowdown", rival: "herd-0.6.1", limit: (other) => 0.4 * other },
	],
	homeBurst60: [againstHerd(0.65), againstOracle(1.5)],
	death: [againstHerd(0.65)],
	external: [againstHerd(0.6)],
	cold: [againstHerd(0.75)],
	home85: [againstHerd(0.75), { says: "Jain index ≥ 0.85", figure: "jain", limit: () => 0.85, atLeast: true }],
	big60: [againstHerd(0.25), againstFixed(0.6)],
	"gpu8-60": [againstHerd(0.35), againstFixed(0.9)],
	"gpu8-85": [againstHerd(0.25), againstFixed(0.9)],
	twoExt: [atMost("probe p95 ≤ 10 s", "ttft95", 10)],
	two: [againstHerd(0.65), atMost("longest wait ≤ 90 s", "longestWait", 90)],
};

/** Of the scenarios that were run with all that a gate compares. */
export function checkGates({ measured }: RoutingResult): GateResult[] {
	const figures = (scenario: string, policy: PolicyName) =>
		measured.find((row) => row.scenario === scenario && row.policy === policy)?.mean;
	const scenarios = [...new Set(measured.map(({ scenario }) => scenario))];
	return scenarios.flatMap((scenario) =>
		[...(GATES[scenario] ?? []), ...EVERYWHERE].flatMap((gate) => {
			const ours = figures(scenario, "ours");
			const rival = gate.rival && figures(scenario, gate.rival);
			if (!ours || (gate.rival && !rival)) return [];
			return [resultOf(scenario, gate, { measured: ours[gate.figure], limit: gate.limit(rival?.[gate.figure] ?? 0) })];
		}),
	);
}

function resultOf(scenario: string, { says, atLeast }: Gate, { measured, limit }: { measured: number; limit: number }): GateResult {
	return { scenario, says, measured, limit, holds: atLeast ? measured >= limit : measured <= limit };
}
