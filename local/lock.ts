/** One router at a time uses a data folder: `herd.pid` in it names the process that does. */
import { spawnSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error.ts";

/** Between making the file and writing the number into it; an older empty one is what a power cut leaves. */
const STARTING_MS = 2_000;

/** Returns what gives the folder free. Throws a `UserError` when another herd has it. */
export function takeLock(folder: string): () => void {
	const file = join(folder, "herd.pid");
	while (!claim(file)) {
		const found = unlessGone(() => readFileSync(file, "utf8"));
		if (found === undefined) continue;
		if (isHeld(file, found)) throw new UserError(inUse(found.trim(), folder));
		removeStale(file, found);
	}
	return () => {
		if (unlessGone(() => readFileSync(file, "utf8")) === OWN) rmSync(file, { force: true });
	};
}

/** The process that uses the folder, if one does. */
export function holderOf(folder: string): string | undefined {
	const file = join(folder, "herd.pid");
	const found = unlessGone(() => readFileSync(file, "utf8"));
	return found !== undefined && isHeld(file, found) ? found.trim() : undefined;
}

const OWN = `${process.pid}\n`;

function inUse(holder: string, folder: string): string {
	return `Another herd (process ${holder || "just starting"}) runs on the data folder ${folder}: stop it first, or choose another folder with --data-dir`;
}

function claim(file: string): boolean {
	try {
		writeFileSync(file, OWN, { flag: "wx" });
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		throw error;
	}
}

function isHeld(file: string, found: string): boolean {
	if (found.trim() === "") {
		const writtenAt = unlessGone(() => statSync(file).mtimeMs) ?? 0;
		return Math.abs(Date.now() - writtenAt) < STARTING_MS;
	}
	const pid = Number(found.trim());
	return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) && mayBeHerd(pid);
}

/** Moved before it is deleted: should another start have replaced it meanwhile, what was moved is not stale and goes back. */
function removeStale(file: string, found: string): void {
	const aside = `${file}.${process.pid}`;
	unlessGone(() => {
		renameSync(file, aside);
		if (readFileSync(aside, "utf8") !== found) linkSync(aside, file);
	});
	rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) === "EPERM";
	}
}

/** After a restart of the machine the number is often another program's. Where `ps` says nothing, it counts as a herd. */
function mayBeHerd(pid: number): boolean {
	if (process.platform === "win32") return true;
	const command = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
	return command.trim() === "" || /\b(?:node|herd)\b/.test(command);
}

function unlessGone<T>(act: () => T): T | undefined {
	try {
		return act();
	} catch (error) {
		if (codeOf(error) === "ENOENT") return undefined;
		throw error;
	}
}

function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}
