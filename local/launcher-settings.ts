/** What `herd` itself is told: flags beat the environment, which beats the env file, which beats the default. */
import type { Source } from "../worker/protocol/settings.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { readEnvironment, type Variables } from "./environment.ts";
import { portOf, PORT_FORM } from "./parse-port.ts";
import { UserError } from "./user-error.ts";

const DEFAULT_HOST = "0.0.0.0";
const DEFAULT_PORT = 11435;
/** The log's own, and the names the origin had for two of them. */
const LOG_LEVELS: ReadonlyMap<string, string> = new Map([
	...["trace", "debug", "info", "warn", "error", "fatal", "silent"].map((level) => [level, level] as const),
	["warning", "warn"],
	["critical", "fatal"],
]);

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

/** The variables that the launcher reads and the worker does not. Throws a `UserError` with one line per bad value. */
export function launcherSettings(variables: Variables): { host?: string; port?: number; logLevel?: string } {
	const { FLEET_HOST: host, FLEET_PORT: portText, FLEET_LOG_LEVEL: levelText } = variables;
	const port = portText === undefined ? undefined : portOf(portText);
	const logLevel = levelText === undefined ? undefined : LOG_LEVELS.get(levelText.toLowerCase());
	const problems: string[] = [];
	if (portText !== undefined && port === undefined) problems.push(`FLEET_PORT="${portText}" must be ${PORT_FORM}`);
	if (levelText !== undefined && logLevel === undefined)
		problems.push(`FLEET_LOG_LEVEL="${levelText}" must be one of ${[...LOG_LEVELS.keys()].join(", ")}`);
	if (problems.length > 0) throw new UserError(problems.join("\n"), 2);
	return { ...(host !== undefined && { host }), ...(port !== undefined && { port }), ...(logLevel !== undefined && { logLevel }) };
}

/** How this machine reaches a router that listens on `host`. */
export function ownUrl(host: string, port: number): string {
	if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
