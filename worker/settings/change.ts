/** A wish to change settings while the router runs, checked as a whole: all of it is done, or nothing. Pure. */
import { editDistance } from "../routing/names.ts";
import { readSettings, SETTINGS, type Settings, SettingsError } from "../settings.ts";
import { asText } from "./as-text.ts";
import { factsOf, keyOf, SETTING_NAMES, settingNamed, type SettingName } from "./facts.ts";
import { type Environment, sourceOf } from "./launch.ts";

/** Of the origin, switched by its page; this router has nothing to switch. */
const ORIGINS_ONLY = ["image_generation", "transcription", "num_ctx_auto_calculate", "fleet_intelligence"];
const FARTHEST = 4;

export type Wish =
	/** Null takes the value of run time away. */
	| {
			readonly kind: "fine";
			readonly values: ReadonlyMap<SettingName, string | null>;
			readonly ignored: readonly string[];
	  }
	| { readonly kind: "refused"; readonly message: string };

export function readWish(given: unknown, { settings, environment }: { settings: Settings; environment: Environment }): Wish {
	if (typeof given !== "object" || given === null || Array.isArray(given))
		return { kind: "refused", message: 'the body must be a JSON object of settings such as {"queue_max": 500}' };
	const values = new Map<SettingName, string | null>();
	const problems: string[] = [];
	const ignored = Object.keys(given).filter((key) => ORIGINS_ONLY.includes(key));
	for (const [key, value] of Object.entries(given)) {
		if (ignored.includes(key)) continue;
		const name = settingNamed(key);
		const read = name ? readOne(name, value, { settings, environment }) : { problem: unknown(key) };
		if ("problem" in read) problems.push(read.problem);
		else if (name) values.set(name, read.text);
	}
	return problems.length > 0 ? { kind: "refused", message: problems.join("; ") } : { kind: "fine", values, ignored };
}

type ReadOne = { readonly text: string | null } | { readonly problem: string };

function readOne(name: SettingName, value: unknown, { settings, environment }: { settings: Settings; environment: Environment }): ReadOne {
	const facts = factsOf(name);
	if (!facts.live)
		return { problem: `${name} can't be changed while the router runs: set it in the environment and start the router anew` };
	if (sourceOf(name, environment) === "flag")
		return { problem: `${name} was given as a flag: start the router without it to change it here` };
	if (value === null) return { text: null };
	const read = asText(value, facts, settings[name]);
	if (read.kind === "wrong") return { problem: `${name}=${read.why}` };
	const parsed = SETTINGS[name].safeParse(read.text);
	if (parsed.success) return { text: read.text };
	return { problem: `${name}=${JSON.stringify(value)} ${parsed.error.issues[0]?.message ?? "is not valid"}` };
}

function unknown(key: string): string {
	const names = SETTING_NAMES.flatMap((name) => [name, keyOf(name)]);
	const nearest = names.toSorted((a, b) => editDistance(key, a) - editDistance(key, b))[0] ?? "";
	const meant = editDistance(key.slice(0, 80), nearest) <= FARTHEST ? ` (did you mean ${nearest}?)` : "";
	return `"${key.slice(0, 80)}" is no setting of this router${meant}`;
}

/** Without what an older or newer version had stored and this one would not start with. */
export function stillValid(values: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).filter(([name, text]) => isValid(name, text)));
}

function isValid(name: string, text: string): boolean {
	const known = settingNamed(name);
	if (known !== name || !factsOf(known).live) return false;
	try {
		readSettings({ [name]: text });
		return true;
	} catch (error) {
		if (error instanceof SettingsError) return false;
		throw error;
	}
}
