/** The `herd` command. */
import "./small-heap.ts";
import { Command } from "commander";
import { ROUTER_VERSION } from "../worker/version.ts";
import { addDoctorCommand } from "./doctor/command.ts";
import { addExplainCommand } from "./explain-command.ts";
import { startOwnAgent } from "./own-agent.ts";
import { type Flags, ownUrl, readLaunch } from "./launcher-settings.ts";
import { addNodeCommands } from "./node-commands.ts";
import { panel } from "./panel.ts";
import { parsePort } from "./parse-port.ts";
import { startRouter } from "./router.ts";
import { runProgram } from "./run-program.ts";
import { stopOnSignals } from "./signals.ts";

const EXAMPLES = `
Examples:
  herd                                the router on port 11435, with an agent if an Ollama runs here
  herd --host 127.0.0.1 --port 8000   for this machine alone
  herd nodes                          the machines of the router that runs
  herd explain llama3.1:8b            where a request would go now, and why
  herd doctor                         what is wrong here, and what to do about it
`;

const program = new Command("herd")
	.description("One URL in front of every machine that runs Ollama")
	.version(ROUTER_VERSION, "-V, --version")
	.option("--host <address>", "address to listen on (default: FLEET_HOST, else 0.0.0.0)")
	.option("--port <number>", "port to listen on (default: FLEET_PORT, else 11435)", parsePort)
	.option("--data-dir <folder>", "where traces, logs and secrets are kept (default: FLEET_DATA_DIR, else ~/.fleet-manager)")
	.option("--no-agent", "don't start an agent for an Ollama on this machine")
	.addHelpText("after", EXAMPLES)
	.showHelpAfterError("(herd --help shows what there is)")
	.configureOutput({ outputError: (text, write) => write(text) })
	.action(run);

addNodeCommands(program);
addExplainCommand(program);
addDoctorCommand(program);

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

async function run({ agent, ...flags }: Flags & { readonly agent: boolean }): Promise<void> {
	const { host, port, dataDir, flagged } = readLaunch(flags, process.env);
	const router = await startRouter({ host, port, dataDir, flagged, say });
	const { adminKey, joinToken } = router;
	say(panel({ host, port: router.port, adminKey, joinToken, dataDir }));
	const ownAgent = agent ? await startOwnAgent({ routerUrl: ownUrl(host, router.port), joinToken, dataDir, say }) : undefined;
	stopOnSignals(async () => {
		ownAgent?.stop();
		await router.stop();
	}, say);
}

await runProgram(program);
