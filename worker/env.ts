/** What the platform hands the worker. */
import type { Fleet } from "./fleet/fleet.ts";
import { log } from "./log.ts";
import type { Vault } from "./fleet/vault.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type Overrides, overridesInForce, putInForce } from "./settings/in-force.ts";
import { sourceOf } from "./settings/launch.ts";

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

/** An isolate may see the same environment as more than one object. */
const parsed = new WeakMap<Env, { readonly overrides: Overrides; readonly settings: Settings }>();

/** The settings in force in this isolate; the same object while nothing has changed. */
export function settingsOf(env: Env): Settings {
	const overrides = overridesInForce();
	const known = parsed.get(env);
	if (known?.overrides === overrides) return known.settings;
	const settings = settingsWith(env, overrides);
	parsed.set(env, { overrides, settings });
	return settings;
}

/** What is changed at run time beats the environment, but no flag. */
export function settingsWith(env: Env, { values }: Overrides): Settings {
	const unlocked = Object.entries(values).filter(([name]) => sourceOf(name, env) !== "flag");
	return readSettings({ ...env, ...Object.fromEntries(unlocked) });
}

/** For isolates without the Fleet object: asks it at most once in a while, and goes on with what is known when it can't say. */
export async function refreshSettings(env: Env): Promise<void> {
	const overrides = await fleetOf(env)
		.overrides()
		.catch((error: unknown) => log("warn", "The settings of run time could not be asked for", { error: String(error) }));
	putInForce(overrides ?? overridesInForce(), Date.now());
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
