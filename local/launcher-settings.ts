/** What `herd` itself is told: flags beat the environment, which beats the env file, which beats the default. */
import { LOG_LEVELS, logLevelOf, type LogLevelSetting } from "../agent/src/log-level.ts";
import type { Source } from "../worker/protocol/settings.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { readEnvironment, type Variables } from "./environment.ts";
import { portOf, PORT_FORM } from "./parse-port.ts";
import { UserError } from "./user-error.ts";

const DEFAULT_HOST = "0.0.0.0";
const DEFAULT_PORT = 11435;

export interface Flags {
	readonly host?: string;
	readonly port?: number;
	readonly dataDir?: string;
}

export interface Launch {
	readonly host: string;
	readonly port: number;
	readonly dataDir: string;
	/** Every `FLEET_*` of environment and env file. */
	readonly variables: Variables;
	/** By variable, of those that a flag gives. */
	readonly flagged: Readonly<Record<string, Source>>;
}

/** Where to listen and where the data are. Throws a `UserError` for a bad value. */
export function readLaunch(flags: Flags, environment: NodeJS.ProcessEnv): Launch {
	const dataDir = flags.dataDir ?? dataFolderOf(environment) ?? defaultDataFolder();
	const variables = readEnvironment(dataDir, environment);
	const { host, port } = launcherSettings(variables);
	const flagged = { FLEET_HOST: flags.host, FLEET_PORT: flags.port, FLEET_DATA_DIR: flags.dataDir };
	const given = Object.entries(flagged).flatMap(([name, value]) => (value === undefined ? [] : [[name, "flag"] as const]));
	return {
		host: flags.host ?? host ?? DEFAULT_HOST,
		port: flags.port ?? port ?? DEFAULT_PORT,
		dataDir,
		variables,
		flagged: Object.fromEntries(given),
	};
}

/** The env file lies in the data folder, so that folder can't be named in it. */
export function dataFolderOf({ FLEET_DATA_DIR: folder = "" }: NodeJS.ProcessEnv): string | undefined {
	return folder.trim() === "" ? undefined : folder;
}

export interface LauncherSettings {
	readonly host?: string;
	readonly port?: number;
	/** Of the log file. */
	readonly logLevel?: LogLevelSetting;
	/** Of what the terminal shows of it. */
	readonly consoleLevel?: LogLevelSetting;
}

/** The variables that the launcher reads and the worker does not. Throws a `UserError` with one line per bad value. */
export function launcherSettings(variables: Variables): LauncherSettings {
	const { FLEET_HOST: host, FLEET_PORT: portText } = variables;
	const port = portText === undefined ? undefined : portOf(portText);
	const problems = portText !== undefined && port === undefined ? [`FLEET_PORT="${portText}" must be ${PORT_FORM}`] : [];
	const logLevel = levelIn(variables, "FLEET_LOG_LEVEL", problems);
	const consoleLevel = levelIn(variables, "FLEET_CONSOLE_LOG_LEVEL", problems);
	if (problems.length > 0) throw new UserError(problems.join("\n"), 2);
	return {
		...(host !== undefined && { host }),
		...(port !== undefined && { port }),
		...(logLevel !== undefined && { logLevel }),
		...(consoleLevel !== undefined && { consoleLevel }),
	};
}

function levelIn(variables: Variables, name: string, problems: string[]): LogLevelSetting | undefined {
	const text = variables[name];
	const level = text === undefined ? undefined : logLevelOf(text);
	if (text !== undefined && level === undefined) problems.push(`${name}="${text}" must be one of ${LOG_LEVELS.join(", ")}`);
	return level;
}

/** How this machine reaches a router that listens on `host`. */
export function ownUrl(host: string, port: number): string {
	if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
