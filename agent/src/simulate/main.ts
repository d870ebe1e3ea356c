/** The command `npm run sim`: one simulated Ollama, or a household of them behind a router. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { pino } from "pino";
import type { Logger } from "../log.ts";
import { startHomeFleet } from "./fleet.ts";
import { PROFILES } from "./profiles.ts";
import { startSimulatedOllama, type SimulatedOllamaOptions } from "./server.ts";

interface Flags {
	port: number;
	host: string;
	profile: string;
	models?: string[];
	seed: number;
	timeScale: number;
	simulatedVersion: string;
	numParallel: number;
	fleet?: "home";
	routerUrl?: string;
	token?: string;
	dataDir?: string;
}

const command = new Command("sim")
	.description("Simulates a machine that runs Ollama: same API, same loading and queueing, at the speed of the machine it plays.")
	.option("--port <number>", "port to listen on, 0 for any free one", wholeNumber, 11434)
	.option("--host <address>", "address to listen on", "127.0.0.1")
	.addOption(new Option("--profile <name>", "the machine to play").choices(Object.keys(PROFILES)).default("mac-studio"))
	.option("--models <names>", "installed models, separated by commas (default: the machine's own)", (names) =>
		names.split(",").map((name) => name.trim()),
	)
	.option("--seed <number>", "makes answers and ids repeat", wholeNumber, 1)
	.option("--time-scale <number>", "how many times faster than the real machine; Infinity for no waiting at all", positiveNumber, 1)
	.option("--version <version>", "the Ollama version to be: 0.24.0 and 0.32.15 differ as the real ones do", "0.32.15")
	.option("--num-parallel <number>", "requests a model serves at a time", positiveNumber, 1)
	.addOption(new Option("--fleet <name>", "start five machines with agents instead of one").choices(["home"]))
	.option("--router-url <url>", "where the agents of the fleet report, for example http://127.0.0.1:11435")
	.option("--token <token>", "join token of the router")
	.option("--data-dir <folder>", "where the agents keep their identities (default: a new temporary folder)")
	.addHelpText(
		"after",
		"\nExamples:\n  npm run sim -- --port 11434 --profile gaming-pc\n  npm run sim -- --fleet home --router-url http://127.0.0.1:11435",
	);

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
	return Number(text);
}

function positiveNumber(text: string): number {
	const value = Number(text);
	if (Number.isNaN(value) || value <= 0) throw new InvalidArgumentError("It must be a number above zero.");
	return value;
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

async function startOne(flags: Flags, simulation: Omit<SimulatedOllamaOptions, "profile">): Promise<() => Promise<void>> {
	const { host, port, profile } = flags;
	const simulated = await startSimulatedOllama({ ...simulation, host, port, profile });
	say(`${profile} (${simulated.profile.chip}) answers as Ollama ${flags.simulatedVersion} at ${simulated.url}`);
	return () => simulated.stop();
}

async function startFleet(
	{ routerUrl, token, dataDir }: Flags,
	simulation: Omit<SimulatedOllamaOptions, "profile">,
): Promise<() => Promise<void>> {
	if (routerUrl === undefined) return command.error("error: --fleet needs --router-url, for example --router-url http://127.0.0.1:11435");
	const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "simulated-fleet-")));
	const fleet = await startHomeFleet({ routerUrl, dataDir: folder, log: logger(), simulation, ...(token !== undefined && { token }) });
	for (const { nodeId, simulated, agent } of fleet.nodes) say(`${nodeId.padEnd(12)} Ollama ${simulated.url}  door ${agent.doorUrl}`);
	return () => fleet.stop();
}

function logger(): Logger {
	const log = pino({ level: "warn" }, pino.destination(2));
	return {
		info: (message, fields = {}) => log.info(fields, message),
		warn: (message, fields = {}) => log.warn(fields, message),
		error: (message, fields = {}) => log.error(fields, message),
	};
}

/** Ends once on Ctrl-C, on a polite kill, and when the process that forked this one is gone. */
function stopOnSignal(stop: () => Promise<void>): void {
	let stopping = false;
	const end = () => {
		if (stopping) process.exit(1);
		stopping = true;
		stop().then(
			() => process.exit(0),
			() => process.exit(1),
		);
	};
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
	process.on("disconnect", end);
}

async function main(): Promise<void> {
	const parsed = command.parse().opts<Omit<Flags, "simulatedVersion"> & { version: string }>();
	const flags: Flags = { ...parsed, simulatedVersion: parsed.version };
	const { models, seed, timeScale, numParallel } = flags;
	const simulation = { seed, timeScale, numParallel, version: flags.simulatedVersion, ...(models && { models }) };
	const stop = await (flags.fleet ? startFleet(flags, simulation) : startOne(flags, simulation));
	stopOnSignal(stop);
	process.send?.("ready");
}

await main().catch((error: unknown) => command.error(`error: ${explain(error)}`));

function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return "code" in error && error.code === "EADDRINUSE" ? `${error.message}; --port 0 takes any free one` : error.message;
}
