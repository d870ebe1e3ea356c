/** The machine is there, its Ollama is not. */
import type { Check } from "../check.ts";
import { nodesThere } from "../readings.ts";

const WORDS = {
	stopped: {
		severity: "warning",
		title: "is stopped",
		description: "The machine beats, but nothing listens where its Ollama should be.",
		fix: "Start it there: the Ollama app, `ollama serve`, or `systemctl start ollama`. The agent notices by itself.",
	},
	crashed: {
		severity: "critical",
		title: "has crashed",
		description: "It ran, and its port is closed now. Often a model was too large for the memory.",
		fix: "Its log says why (`journalctl -u ollama`, or ~/.ollama/logs/server.log). Start it anew; if it comes again, keep large models off this machine.",
	},
	"too-old": {
		severity: "warning",
		title: "is too old",
		description: "It runs, but lacks what the router needs of it.",
		fix: "Update Ollama there, from https://ollama.com/download.",
	},
	"not-installed": {
		severity: "warning",
		title: "is not installed",
		description: "The agent finds no Ollama on the machine.",
		fix: "Install it from https://ollama.com/download, or tell the agent where it listens: `--ollama-host`.",
	},
} as const;

export const ollamaDown: Check = {
	id: "ollama_down",
	firesAfterMs: 0,
	clearsAfterMs: 0,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { ollama } }) => {
			if (ollama.state === "running" || ollama.state === "busy" || ollama.state === "starting") return [];
			const { severity, title, description, fix } = WORDS[ollama.state];
			return [{ severity, title: `Ollama on ${nodeId} ${title}`, description, fix, nodeId, data: { state: ollama.state } }];
		}),
};
