import { readFile, readdir } from "node:fs/promises";
import { basename } from "node:path";
import { env, platform } from "node:process";
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import { output } from "../command.ts";
import { isForPort, parseProcEnviron, parseSystemdEnvironment, settingsOf } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { isOnThisMachine } from "./whereabouts.ts";

const VARIABLES = ["OLLAMA_HOST", "OLLAMA_NUM_PARALLEL", "OLLAMA_MAX_LOADED_MODELS", "OLLAMA_KEEP_ALIVE", "OLLAMA_CONTEXT_LENGTH"];

/** From the surest source to the weakest: the process itself, its service, the desktop session, our own environment. */
const SOURCES: { platforms: NodeJS.Platform[]; read: () => Promise<Environment[]> }[] = [
	{ platforms: ["linux"], read: readProcesses },
	{ platforms: ["linux"], read: readService },
	{ platforms: ["darwin"], read: readSession },
	{ platforms: ["linux", "darwin", "win32"], read: async () => (VARIABLES.some((name) => env[name] !== undefined) ? [env] : []) },
];

/** Ollama's settings as far as this machine lets us read them; none for an Ollama on another machine. */
export async function readOllamaSettings(ollamaUrl: string): Promise<OllamaReport["settings"]> {
	if (!isOnThisMachine(ollamaUrl)) return {};
	const { port } = new URL(ollamaUrl);
	for (const source of SOURCES.filter(({ platforms }) => platforms.includes(platform))) {
		const environments = await source.read().catch(() => []);
		const match = environments.find((environment) => isForPort(environment, port || "80"));
		if (match !== undefined) return settingsOf(match);
	}
	return {};
}

/** Every `ollama serve` whose environment we may read: our own user's, or all of them as root. */
async function readProcesses(): Promise<Environment[]> {
	const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(ids.map(readServer));
	return found.filter((environment) => environment !== undefined);
}

async function readServer(id: string): Promise<Environment | undefined> {
	try {
		const [program = "", ...args] = (await readFile(`/proc/${id}/cmdline`, "utf8")).split("\0");
		const command = args.find((arg) => !arg.startsWith("-"));
		if (basename(program) !== "ollama" || (command !== "serve" && command !== "start")) return undefined;
		return parseProcEnviron(await readFile(`/proc/${id}/environ`, "utf8"));
	} catch {
		// It has ended meanwhile, or belongs to somebody else.
		return undefined;
	}
}

/** The service's declared environment is readable without rights, but only tells something while the service runs. */
async function readService(): Promise<Environment[]> {
	const shown = await output("systemctl", ["show", "ollama", "-p", "Environment", "-p", "MainPID"]);
	const runs = /^MainPID=[1-9]/m.test(shown);
	return runs ? [parseSystemdEnvironment(shown)] : [];
}

async function readSession(): Promise<Environment[]> {
	const values = await Promise.all(VARIABLES.map(async (name) => [name, (await output("launchctl", ["getenv", name])).trim()] as const));
	const set = values.filter(([, value]) => value !== "");
	// An empty session says nothing about an Ollama that was started from a terminal.
	return set.length === 0 ? [] : [Object.fromEntries(set)];
}
