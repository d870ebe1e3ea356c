/** The agent of the router's own machine, when an Ollama runs here. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./places.ts";

const LOOK_MS = 1_000;

export interface OwnAgent {
	stop(): void;
}

/** Undefined when no Ollama answers on this machine. The agent ends with this process, however it ends. */
export async function startOwnAgent({
	routerUrl,
	joinToken,
	dataDir,
	say,
}: {
	routerUrl: string;
	joinToken: string;
	dataDir: string;
	say: (line: string) => void;
}): Promise<OwnAgent | undefined> {
	const ollama = process.env.FLEET_NODE_OLLAMA_HOST || "http://127.0.0.1:11434";
	if (!startsOllama() && !(await answers(ollama))) {
		say(`No Ollama answers at ${ollama}: this machine only routes`);
		return undefined;
	}
	const flags = ["--router-url", routerUrl, "--data-dir", dataDir];
	// Not as a flag: every user of this machine can read a command line
	const env = { ...process.env, FLEET_NODE_TOKEN: joinToken };
	const child = fork(join(ROOT, "agent", "src", "main.ts"), flags, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
	child.on("exit", (code) => {
		if (code) say(`This machine's agent ended with code ${code}`);
	});
	return { stop: () => child.kill("SIGTERM") };
}

/** Its agent starts one, so it needs none. A bad value is the agent's to complain about. */
function startsOllama(): boolean {
	const { FLEET_NODE_START_OLLAMA: text = "" } = process.env;
	return !["", "0", "false"].includes(text.trim().toLowerCase());
}

async function answers(url: string): Promise<boolean> {
	try {
		return (await fetch(url, { signal: AbortSignal.timeout(LOOK_MS) })).ok;
	} catch {
		return false;
	}
}
