/** Two identical simulated Ollamas: one asked directly, one behind a real router and agent. */
import { startSimulatedOllama, type SimulatedOllama, type SimulatedOllamaOptions } from "../../agent/src/simulate/server.ts";
import { Household } from "../journeys/household.ts";
import { addMachine } from "../journeys/machine.ts";

export const MODELS = {
	chat: "llama3.1:8b",
	thinks: "qwen3:8b",
	sees: "gemma3:12b",
	inserts: "qwen2.5-coder:7b",
	embeds: "nomic-embed-text",
	/** Neither tools nor anything else. */
	plain: "old-model:7b",
} as const;

/** Nothing is rewritten: the profile in which answers are compared. */
export const NEUTRAL = {
	FLEET_KEEP_ALIVE: "client",
	FLEET_CONTEXT_PROTECTION: "passthrough",
	FLEET_AUTO_PULL: "false",
	// A budget is multiplied by one, and never raised
	FLEET_THINKING_OVERHEAD: "1",
	FLEET_THINKING_MIN_PREDICT: "1",
};

/** One of the two ways to an Ollama. */
export interface Side {
	readonly name: "direct" | "routed";
	readonly url: string;
	/** The machine behind it. */
	readonly simulated: SimulatedOllama;
}

export interface Pair {
	readonly direct: Side;
	readonly routed: Side;
	readonly household: Household;
	stop(): Promise<void>;
}

/** Both hold the same models under the same seed, and answer without any delay unless told otherwise; `variables` are the router's. */
export async function startPair(
	version: string,
	options: Partial<SimulatedOllamaOptions> = {},
	variables: Readonly<Record<string, string>> = NEUTRAL,
): Promise<Pair> {
	const simulation: SimulatedOllamaOptions = {
		profile: "mac-studio",
		models: Object.values(MODELS),
		seed: 7,
		timeScale: Number.POSITIVE_INFINITY,
		contextLength: 8192,
		maxLoadedModels: 8,
		...options,
		version,
	};
	const household = await Household.start({ variables });
	const alone = household.add(await startSimulatedOllama(simulation));
	const { simulated } = await addMachine(household, { nodeId: "machine", ...simulation });
	await household.ready("machine");
	return {
		direct: { name: "direct", url: alone.url, simulated: alone },
		routed: { name: "routed", url: household.url, simulated },
		household,
		stop: () => household.stop(),
	};
}
