/** The sets of recordings and the server each was made with. */
import { fileURLToPath } from "node:url";
import { startSimulatedOllama, type SimulatedOllama } from "../../agent/src/simulate/server.ts";

interface SetSettings {
	version: string;
	/** Ollama's own engine rendered and ran the models. */
	newEngine: boolean;
}

export const RECORDING_SETS: Readonly<Record<string, SetSettings>> = {
	"ollama-0.32.15": { version: "0.32.15", newEngine: false },
	"ollama-0.24.0": { version: "0.24.0", newEngine: false },
	"ollama-0.24.0-newengine": { version: "0.24.0", newEngine: true },
};

/** Beside the repository, not in it. */
export function recordingsFolder(): string {
	return fileURLToPath(new URL("../../../shared/golden", import.meta.url));
}

/** Holds the models the recordings were made with, and takes no time. */
export function startGoldenSimulation({ version, newEngine }: SetSettings): Promise<SimulatedOllama> {
	return startSimulatedOllama({ profile: "golden", version, newEngine, timeScale: Number.POSITIVE_INFINITY });
}
