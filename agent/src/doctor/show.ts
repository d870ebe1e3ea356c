/** Findings as lines for a terminal. */
import { painted } from "../terminal.ts";
import type { Finding } from "./finding.ts";

const MARKS = { ok: ["ok     ", "info"], warning: ["warning", "warn"], problem: ["PROBLEM", "error"] } as const;
const NAME_WIDTH = 14;
/** Below the text of the line above. */
const INDENT = " ".repeat(MARKS.ok[0].length + NAME_WIDTH + 2);

export function findingLines(findings: readonly Finding[], coloured: boolean): string[] {
	const lines = findings.flatMap(({ about, state, text, advice }) => {
		const [mark, level] = MARKS[state];
		const line = `${coloured ? painted(mark, level) : mark} ${about.padEnd(NAME_WIDTH)} ${text}`;
		return advice === undefined ? [line] : [line, `${INDENT}${advice}`];
	});
	return [...lines, "", sumOf(findings)];
}

function sumOf(findings: readonly Finding[]): string {
	const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
	const [problems, warnings] = [count("problem"), count("warning")];
	if (problems === 0) return warnings === 0 ? "All is well" : `No problem, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
	return `${problems} ${problems === 1 ? "problem" : "problems"}`;
}
