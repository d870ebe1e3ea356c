/** One `ollama serve` as a child of the agent: how it is started, heard and ended. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { platform } from "node:process";
import type { TextSink } from "../day-file.ts";

/** What it gets to end by itself. */
const END_LIMIT_MS = 15_000;

export interface Served {
	/** Resolves once it has ended, with what a person should know of that. */
	ended: Promise<string>;
	/** Asks it to end, makes it after a while, and resolves then. */
	end(): Promise<void>;
}

/** Listens at the URL's address. A group of its own: Ctrl-C at the terminal is for the agent, which lets answers finish first. */
export function serveOllama(program: string, ollamaUrl: string, output: TextSink): Served {
	const detached = platform !== "win32";
	const child = spawn(program, ["serve"], {
		detached,
		env: environmentFor(ollamaUrl),
		stdio: ["ignore", "pipe", "pipe"],
		windowsHide: true,
	});
	for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => output.write(text));
	const kill = () => killGroup(child, detached);
	process.once("exit", kill);
	const ended = endOf(child).finally(() => process.off("exit", kill));
	return {
		ended,
		async end() {
			child.kill("SIGTERM");
			const timer = setTimeout(kill, END_LIMIT_MS);
			await ended;
			clearTimeout(timer);
		},
	};
}

function environmentFor(ollamaUrl: string): NodeJS.ProcessEnv {
	const { hostname, port, protocol } = new URL(ollamaUrl);
	return { ...process.env, OLLAMA_HOST: `${hostname}:${port || (protocol === "https:" ? "443" : "80")}` };
}

async function endOf(child: ChildProcess): Promise<string> {
	try {
		const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
		return signal === null ? `with code ${code}` : `by ${signal}`;
	} catch (error) {
		return `before it began: ${error instanceof Error ? error.message : String(error)}`;
	}
}

/** With the runners that it has started: they hold the models. */
function killGroup({ pid }: ChildProcess, detached: boolean): void {
	if (pid === undefined) return;
	try {
		process.kill(detached ? -pid : pid, "SIGKILL");
	} catch {
		// It has ended already.
	}
}
