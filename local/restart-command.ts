/** `herd nodes restart-ollama NAME`: through the router and the door there, which alone can. */
import type { Command } from "commander";
import * as z from "zod";
import { askRouter } from "./ask-router.ts";
import type { Flags } from "./launcher-settings.ts";

const AnswerSchema = z.object({ requests_cut: z.number() });

export function addRestartCommand(nodes: Command, flags: () => Flags): void {
	nodes
		.command("restart-ollama <name>")
		.description(
			"end and start the Ollama of a machine whose agent runs with --start-ollama; what runs there is cut off, so drain it first",
		)
		.option("--json", "the router's whole answer")
		.action((name: string, { json = false }: { json?: boolean }) => restart(flags(), name, json));
}

async function restart(flags: Flags, name: string, json: boolean): Promise<void> {
	const answer = await askRouter(flags, { method: "POST", path: `/fleet/nodes/${encodeURIComponent(name)}/restart-ollama` });
	const { requests_cut: cut } = AnswerSchema.parse(answer);
	const rest = cut === 0 ? "nothing ran there" : `${cut} ${cut === 1 ? "request was" : "requests were"} cut off`;
	process.stdout.write(`${json ? JSON.stringify(answer) : `The Ollama of ${name} was started anew; ${rest}`}\n`);
}
