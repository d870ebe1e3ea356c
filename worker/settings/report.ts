/** Every setting with its value and where that comes from. Pure. */
import type { Setting } from "../protocol/settings.ts";
import { readSettings, type Settings } from "../settings.ts";
import { factsOf, keyOf, labelOf, SETTING_NAMES, type SettingName, unitOf } from "./facts.ts";
import { GROUPS } from "./forms.ts";
import type { Overrides } from "./in-force.ts";
import { type Environment, launchOf, sourceOf } from "./launch.ts";

export interface InForce {
	readonly settings: Settings;
	readonly environment: Environment;
	readonly overrides: Overrides;
}

/** In the order of their groups. */
export function settingList(inForce: InForce): Setting[] {
	const all = [...SETTING_NAMES.map((name) => toSetting(name, inForce)), ...ofLauncher(inForce.environment)];
	const order = Object.keys(GROUPS);
	return all.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

function toSetting(name: SettingName, { settings, environment, overrides }: InForce): Setting {
	const { form, group, live, secret, description, minimum, choices } = factsOf(name);
	const locked = sourceOf(name, environment) === "flag";
	const isOverridden = overrides.values[name] !== undefined && !locked;
	const unit = form === "number" ? unitOf(name) : undefined;
	const words = { name, key: keyOf(name), group, label: labelOf(name), description, form };
	return {
		...words,
		...(unit !== undefined && { unit }),
		...(minimum !== undefined && { minimum }),
		...(choices !== undefined && { choices }),
		default: secret ? null : (effective(readSettings(byDefault(environment)), name) ?? null),
		value: secret ? null : (effective(settings, name) ?? null),
		source: isOverridden ? "run-time" : sourceOf(name, environment),
		changeable: live && !locked,
		locked,
		secret,
		is_set: settings[name] !== undefined && settings[name] !== "",
	};
}

/** What would be in force if nobody had said anything. `herd` is open where a deployed router is not. */
function byDefault(environment: Environment): Record<string, unknown> {
	return { FLEET_EDGE: environment.FLEET_EDGE, ...(launchOf(environment) && { FLEET_AUTH: "open" }) };
}

/** One setting's default hangs on another. */
function effective(settings: Settings, name: SettingName): unknown {
	return name === "FLEET_AUTO_PULL" ? (settings.FLEET_AUTO_PULL ?? !settings.FLEET_EDGE) : settings[name];
}

const LAUNCHER = [
	["FLEET_HOST", "host", "0.0.0.0", "Address to listen on"],
	["FLEET_PORT", "port", 11435, "Port to listen on"],
	["FLEET_DATA_DIR", "data_dir", "~/.fleet-manager", "Where traces, logs and secrets are kept"],
	["FLEET_LOG_LEVEL", "log_level", "debug", "Of the log file"],
] as const;

/** Read by `herd` before there is a worker. */
function ofLauncher(environment: Environment): Setting[] {
	const launch = launchOf(environment);
	if (!launch) return [];
	return LAUNCHER.map(([name, field, fallback, description]) => ({
		name,
		key: keyOf(name),
		group: "start",
		label: labelOf(name),
		description,
		default: fallback,
		value: launch[field],
		form: typeof fallback === "number" ? ("number" as const) : ("text" as const),
		source: launch.sources[name] ?? "default",
		changeable: false,
		locked: launch.sources[name] === "flag",
		secret: false,
		is_set: true,
	}));
}
