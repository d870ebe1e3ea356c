import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { LogLevel } from "../log.ts";

/** One sentence for a person. */
export function ollamaLine({ state, version, models_loaded: loaded, models_available: installed }: OllamaReport): string {
	switch (state) {
		case "running":
			return `Ollama ${version ?? "of unknown version"} runs: ${loaded.length} of ${installed?.length ?? 0} models loaded`;
		case "busy":
			return "Ollama is busy: it does not answer in time";
		case "starting":
			return "Ollama is starting";
		case "stopped":
			return "Ollama does not run here";
		case "crashed":
			return "Ollama has stopped: its port is closed";
		case "too-old":
			return `Ollama ${version ?? "of unknown version"} is too old: it does not tell which models are in memory. Install a newer one from ollama.com`;
		case "not-installed":
			return "Ollama is not installed here";
	}
}

export function ollamaLevel(state: OllamaReport["state"]): LogLevel {
	return state === "running" || state === "starting" ? "info" : "warn";
}
