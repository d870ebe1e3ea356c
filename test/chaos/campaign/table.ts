/** Fault by outcome, as text. Pure. */
import { type Outcome, OUTCOMES } from "./judge.ts";
import type { StormReport } from "./storm.ts";

const WORDS: Record<Outcome, string> = {
	answered: "answered",
	retried: "retried",
	told: "error told",
	cut: "cut",
	left: "client left",
	hang: "hang",
};
const NAME_WIDTH = 40;

export interface Line {
	readonly fault: string;
	readonly requests: number;
	readonly outcomes: Readonly<Record<Outcome, number>>;
	readonly leaks: number;
	readonly problems: number;
}

/** A line for each fault, its storms taken together, and one for all. */
export function linesOf(storms: readonly StormReport[]): Line[] {
	const byFault = [...Map.groupBy(storms, ({ fault }) => fault)];
	return [...byFault.map(([fault, some]) => lineOf(fault, some)), lineOf("all", storms)];
}

export function tableOf(storms: readonly StormReport[]): string {
	const head = ["fault".padEnd(NAME_WIDTH), "requests", ...OUTCOMES.map((outcome) => WORDS[outcome]), "leak", "lie"];
	const rows = linesOf(storms).map(({ fault, requests, outcomes, leaks, problems }) => {
		const figures = [requests, ...OUTCOMES.map((outcome) => outcomes[outcome]), leaks, problems - outcomes.hang];
		return [fault.padEnd(NAME_WIDTH), ...figures.map((figure, index) => String(figure).padStart(head[index + 1]?.length ?? 0))];
	});
	return [head, ...rows].map((cells) => cells.join("  ")).join("\n");
}

function lineOf(fault: string, storms: readonly StormReport[]): Line {
	const sum = (of: (report: StormReport) => number) => storms.reduce((total, report) => total + of(report), 0);
	const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, sum((report) => report.outcomes[outcome])])) as Record<
		Outcome,
		number
	>;
	const requests = Object.values(outcomes).reduce((total, count) => total + count, 0);
	return { fault, requests, outcomes, leaks: sum(({ leaks }) => leaks.length), problems: sum(({ problems }) => problems.length) };
}
