import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CapacitySettings } from "./capacity/capacity.ts";
import type { QuietSpan } from "./capacity/quiet-hours.ts";
import { defaultFolder, duration, folder, httpUrl, nodeId, nodeIdFrom, places, port, quietHours, token, yesOrNo } from "./config-values.ts";
import type { OwnerCommand } from "./owner-commands.ts";
import { AGENT_VERSION } from "./version.ts";

const DEFAULT_DOOR_PORT = 11_436;
const DEFAULT_OLLAMA_URL = "http://127.0.0.1:11434";
const EXIT_BAD_VALUE = 2;

export interface Config {
	routerUrl: string;
	ollamaUrl: string;
	nodeId: string;
	token?: string;
	doorPort: number;
	/** Nobody asked for this port in particular: the next free one will do. */
	doorPortIsDefault: boolean;
	advertiseUrl?: string;
	dataDir: string;
	capacity: CapacitySettings;
}

export type ConfigResult =
	| { kind: "run"; config: Config; warnings: string[] }
	/** For the agent that runs already. */
	| { kind: "owner"; command: OwnerCommand }
	/** The command has said all there is to say. */
	| { kind: "exit"; code: number };

export interface Surroundings {
	env: Readonly<Record<string, string | undefined>>;
	print: (text: string) => void;
	printError: (text: string) => void;
}

/** Which variables stand for a flag; the first that is set counts. */
const VARIABLES: Record<string, readonly string[]> = {
	routerUrl: ["FLEET_NODE_ROUTER_URL"],
	ollamaHost: ["FLEET_NODE_OLLAMA_HOST"],
	nodeId: ["FLEET_NODE_NODE_ID"],
	token: ["FLEET_NODE_TOKEN"],
	dataDir: ["FLEET_NODE_DATA_DIR", "FLEET_DATA_DIR"],
	learnCapacity: ["FLEET_NODE_ENABLE_CAPACITY_LEARNING"],
	quietHours: ["FLEET_NODE_QUIET_HOURS"],
	maxPlaces: ["FLEET_NODE_MAX_PLACES"],
};

interface Options {
	routerUrl?: string;
	ollamaHost: string;
	nodeId: string;
	token?: string;
	port: number;
	advertise?: string;
	dataDir: string;
	learnCapacity: boolean;
	quietHours: readonly QuietSpan[];
	maxPlaces?: number;
}

/** Reads the command line and the environment; flags beat the environment. */
export async function readConfig(args: readonly string[], surroundings: Surroundings): Promise<ConfigResult> {
	const chosen: Chosen = {};
	const command = describe(surroundings, chosen);
	try {
		command.parse(args, { from: "user" });
		readEnvironment(command, surroundings.env);
		const { nodeId: name, dataDir } = command.opts<Options>();
		if (chosen.owner) return { kind: "owner", command: { ...chosen.owner, nodeId: name, dataDir } };
		return { kind: "run", config: await configOf(command), warnings: unknownVariables(surroundings.env) };
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		return { kind: "exit", code: error.exitCode === 0 ? 0 : EXIT_BAD_VALUE };
	}
}

/** What a subcommand asks for; empty for the agent itself. */
interface Chosen {
	owner?: Pick<OwnerCommand, "word" | "wait" | "forMs">;
}

function describe({ print, printError }: Surroundings, chosen: Chosen): Command {
	const command = new Command("herd-agent")
		.description("Reports this machine to its router, and is the router's door to the Ollama here.")
		.version(AGENT_VERSION, "--version", "print the version")
		.helpOption("--help", "print this text")
		.exitOverride()
		.configureOutput({ writeOut: print, writeErr: printError });
	for (const option of describeOptions()) command.addOption(option);
	addSubcommands(command, chosen);
	return command;
}

function addSubcommands(command: Command, chosen: Chosen): void {
	command
		.command("run", { isDefault: true })
		.description("the agent itself, until it is stopped")
		.action(() => undefined);
	command
		.command("drain")
		.description("to take this machine out of service: finish what runs and close the door, over restarts too, until resume")
		.option("--wait", "come back only when nothing runs any more")
		.action(({ wait = false }: { wait?: boolean }) => void (chosen.owner = { word: "drain", wait }));
	command
		.command("pause")
		.description("to have this machine for yourself: finish what runs, get nothing new, over restarts too, for a time or until resume")
		.option("--for <time>", "end by itself after 30m, 2h, 1h30m, 3d", duration)
		.option("--wait", "come back only when nothing runs any more")
		.action(({ for: forMs, wait = false }: { for?: number; wait?: boolean }) => {
			chosen.owner = { word: "pause", wait, ...(forMs !== undefined && { forMs }) };
		});
	command
		.command("resume")
		.description("take work again after drain or pause")
		.action(() => void (chosen.owner = { word: "resume", wait: false }));
}

function describeOptions(): Option[] {
	return [
		describeOne("--router-url <url>", "the router, such as http://192.168.1.10:11435", httpUrl),
		describeOne("--ollama-host <url>", "the Ollama on this machine", httpUrl).default(DEFAULT_OLLAMA_URL),
		describeOne("--node-id <name>", "this machine's name in the fleet", nodeId).default(nodeIdFrom(hostname())),
		describeOne("--token <token>", "the join token that the router printed", token),
		describeOne("--port <number>", "the door's port", port).default(DEFAULT_DOOR_PORT),
		describeOne("--advertise <url>", "where the router reaches the door, if not at this machine's own address", httpUrl),
		describeOne("--data-dir <folder>", "identity, token and logs", folder).default(defaultFolder()),
		describeOne("--learn-capacity", "learn when you need this machine, and leave it to you then", yesOrNo).default(false),
		describeOne("--quiet-hours <hours>", 'take nothing new then, such as "Mon-Fri 09:00-18:00; 22:00-07:00"', quietHours).default(
			[],
			"none",
		),
		describeOne("--max-places <number>", "requests at once, over all models", places),
	];
}

function describeOne(flags: string, text: string, check: (given: string) => unknown): Option {
	const option = new Option(flags, text).argParser(check);
	const variables = VARIABLES[option.attributeName()] ?? [];
	if (variables.length > 0) option.description += ` (${variables.join(" or ")})`;
	return option;
}

function readEnvironment(command: Command, env: Surroundings["env"]): void {
	for (const option of command.options) {
		const key = option.attributeName();
		const variable = (VARIABLES[key] ?? []).find((name) => (env[name] ?? "") !== "");
		if (variable === undefined || command.getOptionValueSource(key) === "cli") continue;
		const given = env[variable] ?? "";
		try {
			command.setOptionValueWithSource(key, option.parseArg?.(given, undefined), "env");
		} catch (error) {
			if (!(error instanceof InvalidArgumentError)) throw error;
			command.error(`error: ${variable} has the value '${given}'. ${error.message}`);
		}
	}
}

async function configOf(command: Command): Promise<Config> {
	const { routerUrl, ollamaHost, token: given, advertise, maxPlaces, ...options } = command.opts<Options>();
	if (routerUrl === undefined) {
		return command.error("error: the router is missing. Name it with --router-url http://ROUTER:11435 or FLEET_NODE_ROUTER_URL");
	}
	const joinToken = given ?? (await readTokenFile(options.dataDir));
	return {
		routerUrl,
		ollamaUrl: ollamaHost,
		nodeId: options.nodeId,
		...(joinToken === undefined ? {} : { token: joinToken }),
		doorPort: options.port,
		doorPortIsDefault: command.getOptionValueSource("port") === "default",
		...(advertise === undefined ? {} : { advertiseUrl: advertise }),
		dataDir: options.dataDir,
		capacity: {
			learn: options.learnCapacity,
			quietHours: options.quietHours,
			...(maxPlaces === undefined ? {} : { maxPlaces }),
		},
	};
}

/** On the router's own machine the token lies in the data folder. */
async function readTokenFile(dataDir: string): Promise<string | undefined> {
	const text = await readFile(join(dataDir, "join-token"), "utf8").catch(() => "");
	return text.trim() === "" ? undefined : text.trim();
}

function unknownVariables(env: Surroundings["env"]): string[] {
	const known = new Set(Object.values(VARIABLES).flat());
	return Object.keys(env)
		.filter((name) => name.startsWith("FLEET_NODE_") && !known.has(name))
		.map((name) => `${name} is not a setting of herd-agent and is ignored; there are ${[...known].join(", ")}`);
}
