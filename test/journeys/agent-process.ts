/** An agent as a process of its own: what a person runs on a machine, and what can be killed. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "../../local/places.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import type { Ended, Household } from "./household.ts";

export interface AgentProcessFacts {
	readonly nodeId: string;
	readonly ollamaUrl: string;
	readonly token?: string | undefined;
	readonly dataDir?: string;
	/** As `OLLAMA_NUM_PARALLEL` of the Ollama in front of which it stands. */
	readonly numParallel?: number;
	/** Any free one when absent. */
	readonly port?: number;
	/** Where the router reaches the door, if not at this machine's own address. */
	readonly advertise?: string;
}

export interface AgentProcess extends Ended {
	readonly pid: number;
	/** Ends it at once, as a power cut does. */
	kill(): Promise<void>;
}

export function startAgentProcess(household: Pick<Household, "url" | "folder">, facts: AgentProcessFacts): AgentProcess {
	const { nodeId, ollamaUrl, token, numParallel, dataDir = join(household.folder, "machines", nodeId) } = facts;
	const flags = [
		"--router-url",
		household.url,
		"--ollama-host",
		ollamaUrl,
		"--node-id",
		nodeId,
		"--port",
		String(facts.port ?? 0),
		"--data-dir",
		dataDir,
		...(facts.advertise === undefined ? [] : ["--advertise", facts.advertise]),
	];
	const child = fork(join(ROOT, "agent", "src", "main.ts"), [...flags, ...(token === undefined ? [] : ["--token", token])], {
		env: { ...cleanEnvironment(), ...(numParallel !== undefined && ollamaVariables(ollamaUrl, numParallel)) },
		execArgv: [],
		stdio: ["ignore", "ignore", "inherit", "ipc"],
	});
	const end = async (signal: NodeJS.Signals) => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, "exit");
		child.kill(signal);
		await gone;
	};
	return { pid: child.pid ?? 0, kill: () => end("SIGKILL"), stop: () => end("SIGKILL") };
}

/** Where no `ollama serve` runs, the agent takes its own environment for Ollama's. */
function ollamaVariables(ollamaUrl: string, numParallel: number): Record<string, string> {
	return { OLLAMA_HOST: new URL(ollamaUrl).host, OLLAMA_NUM_PARALLEL: String(numParallel) };
}
