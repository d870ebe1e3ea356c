/** A household of simulated machines, each with its agent. */
import { join } from "node:path";
import { startAgent, type Agent } from "../agent.ts";
import type { Logger } from "../log.ts";
import { machineReport, simulatedCounter } from "./machine.ts";
import { HOME_FLEET } from "./profiles.ts";
import { startSimulatedOllama, type SimulatedOllama, type SimulatedOllamaOptions } from "./server.ts";

export interface HomeFleetOptions {
	routerUrl: string;
	/** Each agent keeps its identity in here. */
	dataDir: string;
	log: Logger;
	token?: string;
	/** Which machines; all five when absent. */
	profiles?: readonly string[];
	/** For all machines alike. */
	simulation?: Omit<SimulatedOllamaOptions, "profile" | "port" | "host">;
}

export interface FleetNode {
	nodeId: string;
	simulated: SimulatedOllama;
	agent: Agent;
}

export interface HomeFleet {
	nodes: FleetNode[];
	/** Says farewell for all of them and closes everything. */
	stop(): Promise<void>;
}

/** Ready when every machine listens; the agents join by themselves, also a router that starts later. */
export async function startHomeFleet(options: HomeFleetOptions): Promise<HomeFleet> {
	const nodes = await Promise.all((options.profiles ?? HOME_FLEET).map((profile) => startNode(profile, options)));
	return {
		nodes,
		async stop() {
			await Promise.all(nodes.map(({ agent }) => agent.stop()));
			await Promise.all(nodes.map(({ simulated }) => simulated.stop()));
		},
	};
}

async function startNode(nodeId: string, { routerUrl, dataDir, log, token, simulation }: HomeFleetOptions): Promise<FleetNode> {
	const simulated = await startSimulatedOllama({ ...simulation, profile: nodeId });
	const agent = await startAgent({
		routerUrl,
		nodeId,
		ollamaUrl: simulated.url,
		doorHost: "127.0.0.1",
		doorPort: 0,
		dataDir: join(dataDir, nodeId),
		log: named(log, nodeId),
		readMachine: async () => machineReport(simulated.profile, simulated),
		countExternal: simulatedCounter(simulated),
		...(token !== undefined && { token }),
	});
	return { nodeId, simulated, agent };
}

/** Five agents in one process speak through one logger. */
function named(log: Logger, node: string): Logger {
	return {
		info: (message, fields) => log.info(message, { node, ...fields }),
		warn: (message, fields) => log.warn(message, { node, ...fields }),
		error: (message, fields) => log.error(message, { node, ...fields }),
	};
}
