/** What the platform hands the worker. */
import type { Fleet } from "./fleet/fleet.ts";
import type { Vault } from "./fleet/vault.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface Env {
	FLEET: DurableObjectNamespace<Fleet>;
	VAULT: DurableObjectNamespace<Vault>;
	DB: D1Database;
	/** The page and the agent's package; a second worker under `herd`, this worker's own assets elsewhere. */
	ASSETS: Fetcher;
	/** `herd` only: outgoing connections without the detour over Miniflare's own worker. */
	NET?: Fetcher;
	[variable: string]: unknown;
}

export type AppEnv = { Bindings: Env; Variables: { settings: Settings } };

let cached: { env: Env; settings: Settings } | undefined;

/** The settings of this isolate; the same environment is parsed once. */
export function settingsOf(env: Env): Settings {
	if (cached?.env !== env) cached = { env, settings: readSettings(env) };
	return cached.settings;
}

/** The one Fleet object. Stubs belong to the request that made them, so this is asked for anew each time. */
export function fleetOf(env: Env): DurableObjectStub<Fleet> {
	return env.FLEET.getByName("fleet");
}

/** Where the Fleet object keeps what outlives it. */
export function vaultOf(env: Env): DurableObjectStub<Vault> {
	return env.VAULT.getByName("vault");
}

/** Calls a machine of the fleet. */
export function senderOf(env: Env): typeof fetch {
	return env.NET ? (env.NET.fetch.bind(env.NET) as typeof fetch) : fetch;
}
