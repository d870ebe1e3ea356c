/** What a plan would do, in words for a person or for a program. Nothing secret is among them. */
import type { ProgramCopy } from "./program.ts";
import { OWNER_ONLY } from "./plan.ts";
import type { Plan, PlannedCommand, PlannedFile } from "./plan.ts";

/** Every line of what a person should see before they say yes. */
export function planLines({ files, commands, removals, afterwards }: Plan, copy?: ProgramCopy): string[] {
	return [
		...(copy ? [`Copies this program from ${copy.from} to ${copy.to}`, ""] : []),
		...files.flatMap((file) => [...fileLines(file), ""]),
		...(commands.length > 0 ? ["Runs", ...commands.map(commandLine), ""] : []),
		...(removals.length > 0 ? ["Removes", ...removals.map((path) => `    ${path}`), ""] : []),
		...(afterwards.length > 0 ? ["Then runs", ...afterwards.map(commandLine), ""] : []),
	];
}

/** For `--json`. */
export function planJson(plan: Plan, copy?: ProgramCopy): Record<string, unknown> {
	const files = plan.files.map(({ path, text, mode, isSecret }) => ({ path, mode: octal(mode), ...(!isSecret && { text }) }));
	const { removals, hints } = plan;
	return { ...(copy && { copies: copy }), files, commands: wordsOf(plan.commands), removals, afterwards: wordsOf(plan.afterwards), hints };
}

function fileLines({ path, text, mode, isSecret }: PlannedFile): string[] {
	const head = `Writes ${path}${mode === OWNER_ONLY ? ", which only you can read" : ""}`;
	if (isSecret) return [head, "    (the join token)"];
	return [
		head,
		...text
			.replace("\uFEFF", "")
			.trimEnd()
			.split("\n")
			.map((line) => `    ${line}`.trimEnd()),
	];
}

function commandLine({ words }: PlannedCommand): string {
	return `    ${words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(" ")}`;
}

function wordsOf(commands: readonly PlannedCommand[]): (readonly string[])[] {
	return commands.map(({ words }) => words);
}

function octal(mode: number): string {
	return mode.toString(8).padStart(4, "0");
}
