import { arch, cpus, freemem, homedir, totalmem } from "node:os";
import { env, platform } from "node:process";
import { output } from "../command.ts";
import { PowerShell } from "./powershell.ts";

/** What probes look at: this machine, or another one that a test has put together out of files and programs. */
export interface Host {
	platform: NodeJS.Platform;
	arch: string;
	home: string;
	env: Readonly<Record<string, string | undefined>>;
	cpus: typeof cpus;
	totalBytes(): number;
	freeBytes(): number;
	/** Milliseconds that only move on. */
	now(): number;
	/** Where a file of the machine's is to be read. */
	at(path: string): string;
	/** Runs a program and returns what it printed; rejects with a reason a person can read. */
	run: typeof output;
	/** What a line of PowerShell prints; on Windows alone. */
	powershell(line: string): Promise<string>;
}

const powershell = new PowerShell();

export const thisMachine: Host = {
	platform,
	arch: arch(),
	home: homedir(),
	env,
	cpus,
	totalBytes: totalmem,
	freeBytes: freemem,
	now: () => performance.now(),
	at: (path) => path,
	run: output,
	powershell: (line) => powershell.ask(line),
};
