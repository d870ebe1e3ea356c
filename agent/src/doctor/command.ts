import type { Command } from "commander";
import type { DoctorOrder } from "./doctor.ts";

const AFTER = `
The exit code is 1 when there is a problem, 0 otherwise.

Examples:
  herd-agent doctor                                             of the agent that runs, or last ran, here
  herd-agent doctor --router-url http://192.168.1.10:11435      before there is one
`;

/** Adds `doctor`; `choose` hears how its findings are wanted. */
export function addDoctorCommand(command: Command, choose: (wish: Pick<DoctorOrder, "json">) => void): void {
	command
		.command("doctor")
		.description("look at router, token, Ollama, ports, clock and disk, and say what to do")
		.option("--json", "say it as JSON")
		.addHelpText("after", AFTER)
		.action(({ json = false }: { json?: boolean }) => choose({ json }));
}
