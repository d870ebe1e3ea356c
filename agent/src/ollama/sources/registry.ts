import type { Environment } from "../environment.ts";
import type { SettingsSource } from "./source.ts";
import { VARIABLES } from "./source.ts";

const KEYS = ["HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment", "HKCU\\Environment"];

/** The variables that Windows gives to every program it starts, a user's own over the system's. */
export const registry: SettingsSource = {
	platforms: ["win32"],
	async read(host) {
		const printed = await Promise.all(KEYS.map((key) => host.run("reg.exe", ["query", key]).catch(() => "")));
		const environment: Environment = Object.assign({}, ...printed.map(parseRegQuery));
		return VARIABLES.some((name) => environment[name] !== undefined) ? [environment] : [];
	},
};

/** `    NAME    REG_SZ    value`, by four blanks or more. */
export function parseRegQuery(text: string): Environment {
	const lines = text.matchAll(/^ {4}(\S+) +REG_(?:EXPAND_)?SZ +(.*?)\r?$/gm);
	return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}
