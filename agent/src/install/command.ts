import { Option } from "commander";
import type { Command } from "commander";
import type { InstallManner, InstallOrder } from "./install.ts";

export type InstallWish = Pick<InstallOrder, "word" | "manner">;

const EXAMPLES = `
Examples:
  herd-agent install --router-url http://192.168.1.10:11435 --token TOKEN
  herd-agent install --router-url http://192.168.1.10:11435 --dry-run     only shows what would be written and run
  herd-agent uninstall
`;

/** Adds `install` and `uninstall`; `choose` hears which one was meant. */
export function addInstallCommands(command: Command, choose: (wish: InstallWish) => void): void {
	const add = (word: InstallOrder["word"], text: string) =>
		command
			.command(word)
			.description(text)
			.addOption(new Option("--yes", "ask nothing"))
			.addOption(new Option("--dry-run", "show what would be done, and do nothing"))
			.addOption(new Option("--json", "say it as JSON"))
			.addHelpText("after", EXAMPLES)
			.action(({ yes = false, dryRun = false, json = false }: Partial<InstallManner>) => choose({ word, manner: { yes, dryRun, json } }));
	add("install", "let the agent start with this machine, with the flags given here; shows what it will do, and asks");
	add("uninstall", "stop the agent and let it start with this machine no longer");
}
