/** Does what a plan says. */
import { execFile } from "node:child_process";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { printable } from "../heartbeat/outcome.ts";
import type { Plan, PlannedCommand, PlannedFile } from "./plan.ts";

/** A stop waits for what runs. */
const COMMAND_LIMIT_MS = 60_000;

/** Rejects with a sentence that names the step which failed; those before it stay done. */
export async function carryOut({ files, commands, removals, afterwards }: Plan): Promise<void> {
	for (const file of files) await write(file);
	for (const command of commands) await run(command);
	for (const path of removals) await rm(path, { recursive: true, force: true });
	for (const command of afterwards) await run(command);
}

async function write({ path, text, mode, encoding }: PlannedFile): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	// Beside and renamed: a file that was there would keep its mode while the token is written to it
	const beside = `${path}.new`;
	await rm(beside, { force: true });
	await writeFile(beside, text, { encoding, mode });
	await rename(beside, path);
}

async function run({ words: [program = "", ...args], mayFail }: PlannedCommand): Promise<void> {
	try {
		await promisify(execFile)(program, args, { timeout: COMMAND_LIMIT_MS, windowsHide: true });
	} catch (error) {
		if (mayFail) return;
		throw new Error(`${[program, ...args].join(" ")}: ${reasonOf(program, error)}${adviceFor(program)}`, { cause: error });
	}
}

function reasonOf(program: string, error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if ("code" in error && error.code === "ENOENT") return `${program} is not installed`;
	const said = "stderr" in error ? printable(String(error.stderr)) : "";
	return said === "" ? "it failed" : said;
}

function adviceFor(program: string): string {
	if (program !== "systemctl") return "";
	return ". Under su, sudo or cron there is no session of your own: log in as this user, or set XDG_RUNTIME_DIR=/run/user/$(id -u)";
}
