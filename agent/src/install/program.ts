/** Where a service finds this program for years: not in npx's cache, which is emptied at times. */
import { cp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Two folders. */
export interface ProgramCopy {
	from: string;
	to: string;
}

export interface Program {
	scriptPath: string;
	/** Absent where the program stays where it is. */
	copy?: ProgramCopy;
}

/** A packed program is copied into the data folder, whole; one that runs from its sources stays there. Pure. */
export function programFor(runningScript: string, dataDir: string): Program {
	const folder = dirname(runningScript);
	if (basename(folder) !== "dist") return { scriptPath: runningScript };
	const to = copyIn(dataDir);
	if (folder === join(to, "dist")) return { scriptPath: runningScript };
	return { scriptPath: join(to, "dist", "herd-agent.mjs"), copy: { from: dirname(folder), to } };
}

/** The copy, whether it is there or not. */
export function copyIn(dataDir: string): string {
	return join(dataDir, "herd-agent");
}

/** An older copy goes first: parts that this version no longer has would stay. */
export async function copyProgram({ from, to }: ProgramCopy): Promise<void> {
	await rm(to, { recursive: true, force: true });
	await cp(join(from, "dist"), join(to, "dist"), { recursive: true });
	await cp(join(from, "package.json"), join(to, "package.json"));
}
