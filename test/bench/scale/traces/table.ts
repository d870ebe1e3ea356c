/** The figures as a person reads them. */
import type { TraceFigures } from "./measure.ts";

const GATE_MS = 100;

export function tracesTable({ rows, fileMb, fillS, questions, countingMs, gaps: { quiet, asked, counting } }: TraceFigures): string {
	const lines = Object.entries(questions).map(
		([name, { medianMs, mostMs, answerKb }]) =>
			`${name.padEnd(30)} ${medianMs.toFixed(1).padStart(8)} ${mostMs.toFixed(1).padStart(8)} ${answerKb.toFixed(0).padStart(8)}`,
	);
	const gap = (name: string, { p50, p99, most }: typeof quiet) =>
		`${name.padEnd(30)} ${p50.toFixed(1).padStart(8)} ${p99.toFixed(1).padStart(8)} ${most.toFixed(1).padStart(8)}`;
	return `${rows.toLocaleString("en")} traces of 90 days, ${fileMb.toFixed(0)} MB, written in ${fillS.toFixed(0)} s
question (gate: ${GATE_MS} ms)              median ms  most ms       kB
${lines.join("\n")}

gap between chunks, ms               p50      p99     most
${gap("nobody asks", quiet)}
${gap("all questions, one by one", asked)}
${gap("new rows are counted", counting)}
the questions add at p99: ${(asked.p99 - quiet.p99).toFixed(1)} ms
counting 1,000 new rows: ${countingMs.toFixed(0)} ms`;
}
