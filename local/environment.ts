/** Settings from the env file and the environment, checked before anything starts. Pure but for reading the file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../worker/protocol/settings.ts";
import { editDistance } from "../worker/routing/names.ts";
import { readSettings, SETTINGS, SettingsError } from "../worker/settings.ts";
import { UserError } from "./user-error.ts";

/** Read by `herd` itself, not by the worker. */
const LAUNCHER_NAMES = ["FLEET_HOST", "FLEET_PORT", "FLEET_DATA_DIR", "FLEET_ENV_FILE", "FLEET_LOG_LEVEL", "FLEET_CONSOLE_LOG_LEVEL"];

export type Variables = Readonly<Record<string, string>>;

/** The process environment over `ENV_FILE` (KEY=value lines, `export` and quotes allowed). */
export function readEnvironment(dataFolder: string, environment: NodeJS.ProcessEnv): Variables {
	const merged = { ...readEnvFile(dataFolder, environment), ...withoutEmpty(environment) };
	return Object.fromEntries(Object.entries(merged).filter(([name]) => name.startsWith("FLEET_")));
}

/** Of each variable of `readEnvironment`, whether the file alone has it. */
export function environmentSources(dataFolder: string, environment: NodeJS.ProcessEnv): Record<string, Source> {
	const fromProcess = withoutEmpty(environment);
	const names = Object.keys(readEnvironment(dataFolder, environment));
	return Object.fromEntries(names.map((name) => [name, fromProcess[name] === undefined ? "file" : "env"]));
}

function readEnvFile(dataFolder: string, environment: NodeJS.ProcessEnv): Variables {
	const file = withoutEmpty(environment).FLEET_ENV_FILE ?? join(dataFolder, "env");
	return existsSync(file) ? withoutEmpty(parseEnvFile(readFileSync(file, "utf8"))) : {};
}

/** `NAME=` says nothing: what would be in force without it is, a secret above all. */
export function withoutEmpty(variables: Readonly<Record<string, string | undefined>>): Variables {
	const said = Object.entries(variables).flatMap(([name, value = ""]) => (value.trim() === "" ? [] : [[name, value] as const]));
	return Object.fromEntries(said);
}

export function parseEnvFile(text: string): Record<string, string> {
	const variables: Record<string, string> = {};
	for (const line of text.split("\n")) {
		const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
		if (!match || line.trim().startsWith("#")) continue;
		const [, name = "", value = ""] = match;
		variables[name] = value.replace(/^(["'])(.*)\1$/, "$2");
	}
	return variables;
}

/** Throws a `UserError` naming every bad value; returns one warning for each name that nobody reads. */
export function checkVariables(variables: Variables): string[] {
	try {
		readSettings(variables);
	} catch (error) {
		if (error instanceof SettingsError) throw new UserError(error.message, 2);
		throw error;
	}
	const known = [...Object.keys(SETTINGS), ...LAUNCHER_NAMES];
	return Object.keys(variables)
		.filter((name) => !known.includes(name) && !name.startsWith("FLEET_NODE_"))
		.map((name) => `${name} is not a setting of this router and is ignored${nearest(name, known)}`);
}

function nearest(name: string, known: readonly string[]): string {
	const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) })).sort((a, b) => a.distance - b.distance);
	const [best] = ranked;
	return best && best.distance <= 4 ? ` (did you mean ${best.candidate}?)` : "";
}
