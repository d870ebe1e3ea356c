import type { Host } from "../../probes/host.ts";
import type { Environment } from "../environment.ts";

/** One place where the environment of an Ollama server may be read. */
export interface SettingsSource {
	platforms: readonly NodeJS.Platform[];
	/** Those of every server it knows of, since several may run here; `port` is the one that is looked for. Rejects where there is nothing to read. */
	read(host: Host, port: string): Promise<Environment[]>;
}

/** The variables that matter; some places have to be asked for each. */
export const VARIABLES = [
	"OLLAMA_HOST",
	"OLLAMA_MODELS",
	"OLLAMA_NUM_PARALLEL",
	"OLLAMA_MAX_LOADED_MODELS",
	"OLLAMA_KEEP_ALIVE",
	"OLLAMA_CONTEXT_LENGTH",
];
