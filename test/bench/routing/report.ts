/** The tables of the routing study, and whether its gates hold. Pure. */
import { table } from "../overhead/table.ts";
import type { Figures } from "./figures.ts";
import type { GateResult } from "./gates.ts";
import type { Measured, RoutingResult } from "./measure.ts";

const COLUMNS: readonly (readonly [title: string, figure: keyof Figures])[] = [
	["p50", "ttft50"],
	["p95", "ttft95"],
	["p99", "ttft99"],
	["c50", "done50"],
	["c95", "done95"],
	["batch95", "batch95"],
	["slow", "slowdown"],
	["loads", "loads"],
	["evict", "evictions"],
	["re-k", "rereadThousands"],
	["good", "goodPercent"],
	["Jain", "jain"],
	["maxw", "longestWait"],
];
const LEGEND = `First token of interactive requests p50/p95/p99 and their completion p50/p95, completion of batch p95 (s); slow: mean completion over
the best possible; loads, evictions; re-k: thousands of tokens read again; good: % of first tokens within 2 s; Jain: evenness of slow
over keys; maxw: longest wait for a place (s); spread: p95 first token, lowest and highest seed. Simulated, on the assumptions of the
routing study's section 4: no measurement of real Ollama.`;

export function tables(result: RoutingResult, gates: readonly GateResult[]): string {
	const scenarios = [...new Set(result.measured.map(({ scenario }) => scenario))];
	const parts = scenarios.map((name) => scenarioTable(name, result));
	return [`${LEGEND}\nMeans over the seeds ${result.seeds.join(", ")}.`, ...parts, gateTable(gates)].join("\n\n");
}

function scenarioTable(name: string, { measured, offeredLoad }: RoutingResult): string {
	const rows = measured.filter(({ scenario }) => scenario === name).map(rowOf);
	const load = Math.round((offeredLoad[name] ?? 0) * 100);
	return table([`${name} (${load} % offered)`, ...COLUMNS.map(([title]) => title), "spread"], rows);
}

function rowOf({ policy, mean, ttft95Range: [lowest, highest] }: Measured): string[] {
	return [policy, ...COLUMNS.map(([, figure]) => number(mean[figure], figure)), `${number(lowest)} to ${number(highest)}`];
}

function gateTable(gates: readonly GateResult[]): string {
	const rows = gates.map(({ scenario, says, measured, limit, holds }) => [
		`${scenario}: ${says}`,
		number(measured),
		number(limit),
		holds ? "holds" : "MISSED",
	]);
	const missed = gates.filter(({ holds }) => !holds).length;
	const summary = missed === 0 ? `All ${gates.length} gates hold.` : `${missed} of ${gates.length} gates are missed.`;
	return `${table(["gate", "measured", "limit", ""], rows)}\n\n${summary}`;
}

/** Three figures are more than the seeds' spread allows. */
function number(value: number, figure?: keyof Figures): string {
	if (!Number.isFinite(value)) return "-";
	if (figure === "jain") return value.toFixed(2);
	return Math.abs(value) >= 99.95 ? String(Math.round(value)) : value.toFixed(1);
}
