import { hostname } from "node:os";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { calledAs } from "./called-as.ts";
import type { CapacitySettings } from "./capacity/capacity.ts";
import type { QuietSpan } from "./capacity/quiet-hours.ts";
import {
	defaultFolder,
	duration,
	folder,
	httpUrl,
	logLevel,
	nodeId,
	nodeIdFrom,
	places,
	port,
	quietHours,
	routerUrl as routerUrlFrom,
	token,
	yesOrNo,
} from "./config-values.ts";
import { addDoctorCommand } from "./doctor/command.ts";
import type { DoctorOrder } from "./doctor/doctor.ts";
import { addInstallCommands } from "./install/command.ts";
import type { InstallWish } from "./install/command.ts";
import type { InstallOrder } from "./install/install.ts";
import { flagsForService } from "./install/service-flags.ts";
import { readJoinToken } from "./join-token.ts";
import type { LogLevelSetting } from "./log-level.ts";
import { isOnThisMachine } from "./ollama/whereabouts.ts";
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
	/** Starts an Ollama where none answers, and keeps it running. */
	startOllama: boolean;
	/** Of what is said on the terminal, and of the log file. */
	logLevel: LogLevelSetting;
	fileLogLevel: LogLevelSetting;
}

export type ConfigResult =
	| { kind: "run"; config: Config; warnings: string[] }
	/** For the agent that runs already. */
	| { kind: "owner"; command: OwnerCommand }
	| { kind: "install"; order: InstallOrder }
	| { kind: "doctor"; order: DoctorOrder }
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
	tokenFile: ["FLEET_NODE_TOKEN_FILE"],
	startOllama: ["FLEET_NODE_START_OLLAMA"],
	logLevel: ["FLEET_CONSOLE_LOG_LEVEL"],
	fileLogLevel: ["FLEET_LOG_LEVEL"],
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
	tokenFile?: string;
	port: number;
	advertise?: string;
	dataDir: string;
	learnCapacity: boolean;
	quietHours: readonly QuietSpan[];
	maxPlaces?: number;
	startOllama?: boolean;
	logLevel: LogLevelSetting;
	fileLogLevel: LogLevelSetting;
}

/** Reads the command line and the environment; flags beat the environment. */
export async function readConfig(args: readonly string[], surroundings: Surroundings): Promise<ConfigResult> {
	const chosen: Chosen = { texts: new Map() };
	const command = describe(surroundings, chosen);
	try {
		command.parse(args, { from: "user" });
		readEnvironment(command, surroundings.env);
		const { nodeId: name, dataDir } = command.opts<Options>();
		if (chosen.owner) return { kind: "owner", command: { ...chosen.owner, nodeId: name, dataDir } };
		if (chosen.install) return { kind: "install", order: await installOrder(command, chosen.install, chosen.texts) };
		if (chosen.doctor) return { kind: "doctor", order: await doctorOrder(command, chosen.doctor) };
		return { kind: "run", config: await configOf(command), warnings: unknownVariables(surroundings.env) };
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		return { kind: "exit", code: error.exitCode === 0 ? 0 : EXIT_BAD_VALUE };
	}
}

/** What a subcommand asks for; empty for the agent itself. */
interface Chosen {
	owner?: Pick<OwnerCommand, "word" | "wait" | "forMs" | "json">;
	install?: InstallWish;
	doctor?: Pick<DoctorOrder, "json">;
	/** What was given for each option, as it was given. */
	texts: Map<string, string>;
}

const EXAMPLES = `
Examples:
  herd-agent --router-url http://192.168.1.10:11435 --token TOKEN      joins the fleet, until Ctrl-C
  herd-agent install --router-url http://192.168.1.10:11435            as a service that starts with this machine
  herd-agent doctor                                                    what is wrong, and what to do about it
  herd-agent drain --wait                                              before you switch this machine off
`;

function describe({ print, printError }: Surroundings, chosen: Chosen): Command {
	const command = new Command("herd-agent")
		.description("Reports this machine to its router, and is the router's door to the Ollama here.")
		.version(AGENT_VERSION, "--version", "print the version")
		.helpOption("--help", "print this text")
		.showHelpAfterError("(herd-agent --help shows what there is)")
		.addHelpText("after", EXAMPLES)
		.exitOverride()
		.configureOutput({ writeOut: print, writeErr: printError });
	for (const option of describeOptions()) command.addOption(noteTexts(option, chosen.texts));
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
		.option("--json", "say it as JSON")
		.action(({ wait = false, json = false }: { wait?: boolean; json?: boolean }) => void (chosen.owner = { word: "drain", wait, json }));
	command
		.command("pause")
		.description("to have this machine for yourself: finish what runs, get nothing new, over restarts too, for a time or until resume")
		.option("--for <time>", "end by itself after 30m, 2h, 1h30m, 3d", duration)
		.option("--wait", "come back only when nothing runs any more")
		.option("--json", "say it as JSON")
		.action(({ for: forMs, wait = false, json = false }: { for?: number; wait?: boolean; json?: boolean }) => {
			chosen.owner = { word: "pause", wait, json, ...(forMs !== undefined && { forMs }) };
		});
	command
		.command("resume")
		.description("take work again after drain or pause")
		.option("--json", "say it as JSON")
		.action(({ json = false }: { json?: boolean }) => void (chosen.owner = { word: "resume", wait: false, json }));
	addInstallCommands(command, (wish) => void (chosen.install = wish));
	addDoctorCommand(command, (wish) => void (chosen.doctor = wish));
}

function describeOptions(): Option[] {
	return [
		describeOne("--router-url <url>", "the router, such as http://192.168.1.10:11435", routerUrlFrom),
		describeOne("--ollama-host <url>", "the Ollama on this machine", httpUrl).default(DEFAULT_OLLAMA_URL),
		describeOne("--node-id <name>", "this machine's name in the fleet", nodeId).default(nodeIdFrom(hostname())),
		describeOne("--token <token>", "the join token that the router printed", token),
		describeOne("--token-file <file>", "a file with the join token: unlike a flag, only its owner can read it", folder),
		describeOne("--port <number>", "the door's port", port).default(DEFAULT_DOOR_PORT),
		describeOne("--advertise <url>", "where the router reaches the door, if not at this machine's own address", httpUrl),
		describeOne("--start-ollama", "start an Ollama where none answers, and keep it running", yesOrNo),
		describeOne("--data-dir <folder>", "identity, token and logs", folder).default(defaultFolder()),
		describeOne("--learn-capacity", "learn when you need this machine, and leave it to you then", yesOrNo).default(false),
		describeOne("--quiet-hours <hours>", 'take nothing new then, such as "Mon-Fri 09:00-18:00; 22:00-07:00"', quietHours).default(
			[],
			"none",
		),
		describeOne("--max-places <number>", "requests at once, over all models", places),
		describeOne("--log-level <level>", "how much is said here", logLevel).default("info"),
		describeOne("--file-log-level <level>", "how much is written to logs/herd-node.jsonl", logLevel).default("info"),
	];
}

function describeOne(flags: string, text: string, check: (given: string) => unknown): Option {
	const option = new Option(flags, text).argParser(check);
	const variables = VARIABLES[option.attributeName()] ?? [];
	if (variables.length > 0) option.description += ` (${variables.join(" or ")})`;
	return option;
}

/** Keeps the words beside what they mean: a service is told the words. */
function noteTexts(option: Option, texts: Map<string, string>): Option {
	const parse = option.parseArg?.bind(option);
	return option.argParser((given: string) => {
		texts.set(option.attributeName(), given);
		return parse?.(given, undefined);
	});
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
	const { ollamaHost, port: doorPort, advertise, maxPlaces, startOllama = false, ...options } = command.opts<Options>();
	if (startOllama && !isOnThisMachine(ollamaHost))
		return command.error(`error: --start-ollama can't start an Ollama at ${ollamaHost}, which is not on this machine`);
	const joinToken = await joinTokenOf(command);
	return {
		routerUrl: routerOf(command),
		ollamaUrl: ollamaHost,
		nodeId: options.nodeId,
		...(joinToken === undefined ? {} : { token: joinToken }),
		doorPort,
		doorPortIsDefault: command.getOptionValueSource("port") === "default",
		...(advertise === undefined ? {} : { advertiseUrl: advertise }),
		dataDir: options.dataDir,
		startOllama,
		logLevel: options.logLevel,
		fileLogLevel: options.fileLogLevel,
		capacity: {
			learn: options.learnCapacity,
			quietHours: options.quietHours,
			...(maxPlaces === undefined ? {} : { maxPlaces }),
		},
	};
}

function routerOf(command: Command): string {
	const { routerUrl } = command.opts<Options>();
	if (routerUrl !== undefined) return routerUrl;
	return command.error("error: the router is missing. Name it with --router-url http://ROUTER:11435 or FLEET_NODE_ROUTER_URL");
}

async function installOrder(command: Command, wish: InstallWish, texts: ReadonlyMap<string, string>): Promise<InstallOrder> {
	const { nodeId: name, dataDir, routerUrl } = command.opts<Options>();
	const known = { ...wish, nodeId: name, dataDir, program: calledAs(process.argv[1] ?? "", routerUrl) };
	if (wish.word === "uninstall") return { ...known, flags: [] };
	// As `run` would have it: a service with a bad flag would fail where nobody sees it
	const { token: given } = await configOf(command);
	return { ...known, flags: flagsForService(command, texts), ...(given !== undefined && { token: given }) };
}

async function doctorOrder(command: Command, { json }: Pick<DoctorOrder, "json">): Promise<DoctorOrder> {
	const { routerUrl, ollamaHost, nodeId: name, dataDir, port: doorPort } = command.opts<Options>();
	const given = await joinTokenOf(command);
	const known = { ollamaUrl: ollamaHost, nodeId: name, dataDir, doorPort, json };
	return { ...known, ...(routerUrl !== undefined && { routerUrl }), ...(given !== undefined && { token: given }) };
}

function joinTokenOf(command: Command): Promise<string | undefined> {
	return readJoinToken(command.opts<Options>()).catch((error: unknown) =>
		command.error(`error: the token file can't be read: ${error instanceof Error ? error.message : String(error)}`),
	);
}

function unknownVariables(env: Surroundings["env"]): string[] {
	const known = new Set(Object.values(VARIABLES).flat());
	return Object.keys(env)
		.filter((name) => name.startsWith("FLEET_NODE_") && !known.has(name))
		.map((name) => `${name} is not a setting of herd-agent and is ignored; there are ${[...known].join(", ")}`);
}
