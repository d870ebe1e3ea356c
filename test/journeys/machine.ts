/** One machine of a household: a simulated Ollama with a real agent in front, in this process. */
import { join } from "node:path";
import { startAgent, type Agent, type AgentOptions } from "../../agent/src/agent.ts";
import type { Logger } from "../../agent/src/log.ts";
import { bareMachineReport } from "../../agent/src/machine-report.ts";
import { machineReport, simulatedCounter } from "../../agent/src/simulate/machine.ts";
import { startSimulatedOllama, type SimulatedOllama, type SimulatedOllamaOptions } from "../../agent/src/simulate/server.ts";
import type { Ended, Household } from "./household.ts";

/** What agents in tests say goes nowhere: the tests look at what they do. */
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface MachineOptions extends Partial<SimulatedOllamaOptions> {
	readonly nodeId: string;
	/** Without one the machine must be approved. */
	readonly token?: string | undefined;
	/** Where the agent keeps who it is. */
	readonly dataDir?: string;
}

export interface Machine extends Ended {
	readonly nodeId: string;
	readonly simulated: SimulatedOllama;
	readonly agent: Agent;
}

/** Adds a machine that joins with the token at once. It answers without any delay unless `timeScale` says otherwise. */
export async function addMachine(household: Household, options: MachineOptions): Promise<Machine> {
	return household.add(await startMachine(household, { token: household.joinToken, ...options }));
}

export async function startMachine(household: Pick<Household, "url" | "folder">, options: MachineOptions): Promise<Machine> {
	const { nodeId, token, dataDir, ...simulation } = options;
	const simulated = await startSimulatedOllama({ profile: "mac-studio", timeScale: Number.POSITIVE_INFINITY, ...simulation });
	const readMachine = async () => machineReport(simulated.profile, simulated);
	const facts = { nodeId, token, dataDir, ollamaUrl: simulated.url, readMachine, countExternal: simulatedCounter(simulated) };
	const agent = await startAgentOf(household, facts);
	return {
		nodeId,
		simulated,
		agent,
		async stop() {
			// First, so that a stream of minutes does not hold up the agent's farewell
			await simulated.stop();
			await agent.stop();
		},
	};
}

export interface AgentFacts {
	readonly nodeId: string;
	readonly ollamaUrl: string;
	readonly token?: string | undefined;
	readonly dataDir?: string | undefined;
	readonly readMachine?: AgentOptions["readMachine"];
	readonly countExternal?: AgentOptions["countExternal"];
}

/** An agent in this process, in front of any Ollama. */
export function startAgentOf(household: Pick<Household, "url" | "folder">, facts: AgentFacts): Promise<Agent> {
	const { nodeId, ollamaUrl, token, dataDir = join(household.folder, "machines", nodeId) } = facts;
	const { countExternal, readMachine = async () => bareMachineReport("no probes in this test") } = facts;
	const fixed = { doorHost: "127.0.0.1", doorPort: 0, log: SILENT };
	const read = { readMachine, countExternal };
	return startAgent({ ...fixed, ...read, routerUrl: household.url, nodeId, ollamaUrl, dataDir, ...(token !== undefined && { token }) });
}
