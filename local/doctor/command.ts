/** `herd doctor`: what keeps a router from starting or running well on this machine, and what to do about it. */
import type { Command } from "commander";
import { findingLines } from "../../agent/src/doctor/show.ts";
import { isColoured } from "../../agent/src/terminal.ts";
import { type Flags, readLaunch } from "../launcher-settings.ts";
import { examineRouter } from "./examine.ts";

const EXIT_PROBLEM = 1;

export function addDoctorCommand(program: Command): void {
	program
		.command("doctor")
		.description("look at port, data folder, database and disk, and say what to do; exit code 1 when there is a problem")
		.option("--json", "say it as JSON")
		.action(({ json = false }: { json?: boolean }) => examine(program.opts<Flags>(), json));
}

async function examine(flags: Flags, json: boolean): Promise<void> {
	const findings = await examineRouter(readLaunch(flags, process.env));
	const healthy = findings.every(({ state }) => state !== "problem");
	const coloured = isColoured(process.stdout, (process.env.NO_COLOR ?? "") !== "");
	const lines = json ? [JSON.stringify({ ok: healthy, findings }, undefined, 2)] : findingLines(findings, coloured);
	process.stdout.write(`${lines.join("\n")}\n`);
	if (!healthy) process.exitCode = EXIT_PROBLEM;
}
