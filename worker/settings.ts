/** Every `FLEET_*` variable the worker reads: name, form, default, meaning. Parsed once per isolate; a bad value says so. */
import * as z from "zod";

const flag = (fallback: boolean) =>
	z
		.enum(["true", "false", "1", "0"], "must be true or false")
		.default(fallback ? "true" : "false")
		.transform((text) => text === "true" || text === "1");
const number = (fallback: number, minimum: number) =>
	z.coerce.number("must be a number").min(minimum, `must be at least ${minimum}`).default(fallback);
const list = () =>
	z
		.string()
		.default("")
		.transform((text) =>
			text
				.split(",")
				.map((part) => part.trim())
				.filter((part) => part !== ""),
		);

export const SETTINGS = {
	FLEET_AUTH: z
		.enum(["open", "keys"], 'must be "open" or "keys"')
		.default("keys")
		.describe("Who may send requests: anybody, or holders of a key"),
	FLEET_ALLOWED_HOSTS: list().describe("Host names the router answers to, beside IP addresses and local names"),
	FLEET_CORS_ORIGINS: list().describe("Web origins that may call the router from a browser, beside its own and Ollama's default list"),
	FLEET_MAX_BODY_MB: number(32, 1).describe("Largest JSON body taken, in MB"),
	FLEET_MAX_RETRIES: number(2, 0).describe("How many other nodes are tried when one fails before its first byte"),
	FLEET_QUEUE_MAX: number(1000, 0).describe("How many requests may wait for a place"),
	FLEET_QUEUE_TIMEOUT_S: number(300, 1).describe("How long a request may wait for a place, in seconds"),
	FLEET_FIRST_BYTE_TIMEOUT_S: number(600, 1).describe("How long a node may take to its first byte, in seconds"),
	FLEET_NODE_TOKEN: z.string().default("").describe("The join token: an agent that sends it is in at once"),
	FLEET_ADMIN_KEY: z.string().default("").describe("The key for approving and removing nodes"),
	FLEET_EDGE: flag(false).describe("Deployed behind a public address: node addresses are checked, local host names are not trusted"),
} as const;

export type Settings = { readonly [Name in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[Name]> };

/** Thrown with one line per bad variable. */
export class SettingsError extends Error {}

/** Reads the settings out of an environment; everything else in it is ignored. */
export function readSettings(environment: Readonly<Record<string, unknown>>): Settings {
	const settings: Record<string, unknown> = {};
	const problems: string[] = [];
	for (const [name, schema] of Object.entries(SETTINGS)) {
		const given = environment[name];
		const parsed = schema.safeParse(given === "" ? undefined : given);
		if (parsed.success) settings[name] = parsed.data;
		else problems.push(`${name}="${String(given)}" ${parsed.error.issues[0]?.message ?? "is not valid"}`);
	}
	if (problems.length > 0) throw new SettingsError(problems.join("\n"));
	return settings as Settings;
}
