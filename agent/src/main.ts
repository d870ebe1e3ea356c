#!/usr/bin/env node
import "./small-heap.ts";
import { join } from "node:path";
import { env } from "node:process";
import { startAgent } from "./agent.ts";
import type { Agent, AgentOptions } from "./agent.ts";
import { idleReader } from "./capacity/idle/idle.ts";
import { systemClock } from "./clock.ts";
import { readConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { openDayFile } from "./day-file.ts";
import { examine } from "./doctor/doctor.ts";
import { externalCounter } from "./external/count.ts";
import { obeyInstall } from "./install/install.ts";
import { openLogFile } from "./log-file.ts";
import type { Logger } from "./log.ts";
import { findOllama } from "./ollama/installed.ts";
import { OllamaKeeper } from "./ollama/keeper.ts";
import { obeyOwner } from "./owner-commands.ts";
import { readMachine } from "./probes/machine.ts";
import { stopOnSignals } from "./signals.ts";
import { bothLoggers, isColoured, terminalLogger } from "./terminal.ts";
import { AGENT_VERSION } from "./version.ts";

/** How many ports after the default one are tried when it is taken. */
const NEXT_PORTS = 10;
const EXIT_FAILED = 1;

const surroundings = { env, print: (text: string) => process.stdout.write(text), printError: (text: string) => process.stderr.write(text) };
const noColour = (env["NO_COLOR"] ?? "") !== "";
const say = (line: string) => void process.stdout.write(`${line}\n`);
const result = await readConfig(process.argv.slice(2), surroundings);
switch (result.kind) {
	case "exit":
		process.exitCode = result.code;
		break;
	case "owner":
		await obey(result.command.word, () => obeyOwner(result.command, say));
		break;
	case "install":
		await obey(result.order.word, () => obeyInstall(result.order, say));
		break;
	case "doctor":
		await obey("doctor", async () => {
			if (!(await examine(result.order, { say, coloured: isColoured(process.stdout, noColour) }))) process.exitCode = EXIT_FAILED;
		});
		break;
	case "run":
		await run(result.config, result.warnings);
}

async function obey(word: string, act: () => Promise<void>): Promise<void> {
	try {
		await act();
	} catch (error) {
		process.stderr.write(`herd-agent ${word}: ${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = EXIT_FAILED;
	}
}

async function run(config: Config, warnings: readonly string[]): Promise<void> {
	try {
		const { dataDir, nodeId, logLevel, fileLogLevel } = config;
		const screen = terminalLogger(process.stdout, { now, noColour, level: logLevel });
		const log = bothLoggers(screen, openLogFile({ dataDir, nodeId, level: fileLogLevel, now }));
		for (const warning of warnings) log.warn(warning);
		const agent = await openOnFreePort(config, log);
		printPanel(config, agent);
		stopOnSignals(agent, log);
	} catch (error) {
		process.stderr.write(`herd-agent cannot start: ${sentenceOf(error, config)}\n`);
		process.exitCode = EXIT_FAILED;
	}
}

/** The default port gives way to another program's; a port that was asked for does not. */
async function openOnFreePort(config: Config, log: Logger): Promise<Agent> {
	const options = optionsOf(config, log);
	const last = config.doorPort + (config.doorPortIsDefault ? NEXT_PORTS : 0);
	for (let doorPort = config.doorPort; ; doorPort += 1) {
		try {
			const agent = await startAgent({ ...options, doorPort });
			if (doorPort !== config.doorPort) log.warn(`Port ${config.doorPort} is taken; the door is at ${doorPort}`);
			return agent;
		} catch (error) {
			if (!isPortTaken(error) || doorPort === last) throw error;
		}
	}
}

function optionsOf(config: Config, log: Logger): Omit<AgentOptions, "doorPort"> {
	const { routerUrl, ollamaUrl, nodeId, token, advertiseUrl, dataDir, capacity } = config;
	return {
		routerUrl,
		ollamaUrl,
		nodeId,
		...(token === undefined ? {} : { token }),
		...(advertiseUrl === undefined ? {} : { advertiseUrl }),
		dataDir,
		readMachine,
		capacity,
		readIdle: idleReader(process.platform, () => performance.now()),
		countExternal: externalCounter(ollamaUrl),
		...(config.startOllama && { keeper: keeperFor(config, log) }),
		log,
	};
}

function keeperFor({ ollamaUrl, dataDir }: Config, log: Logger): OllamaKeeper {
	const folder = join(dataDir, "logs");
	const output = openDayFile({ folder, name: "ollama", extension: "log", now });
	return new OllamaKeeper({ ollamaUrl, findProgram: findOllama, output, outputPath: join(folder, "ollama.log"), clock: systemClock, log });
}

function now(): Date {
	return new Date();
}

function printPanel(config: Config, agent: Agent): void {
	const lines = [
		`herd-agent ${AGENT_VERSION}`,
		`  node    ${agent.nodeId}`,
		`  router  ${config.routerUrl}`,
		`  door    ${agent.doorUrl}`,
		`  ollama  ${config.ollamaUrl}`,
		`  data    ${config.dataDir}`,
	];
	process.stdout.write(`${lines.join("\n")}\n`);
}

function isPortTaken(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function sentenceOf(error: unknown, { doorPort, doorPortIsDefault, dataDir }: Config): string {
	if (isPortTaken(error) && doorPortIsDefault)
		return `the ports ${doorPort} to ${doorPort + NEXT_PORTS} are all taken, so choose another with --port`;
	if (isPortTaken(error)) return `port ${doorPort} is taken by another program, so choose another with --port`;
	const message = error instanceof Error ? error.message : String(error);
	return message.includes(dataDir) ? `the data folder cannot be used (${message})` : message;
}
