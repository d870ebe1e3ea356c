import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import { thisMachine } from "../probes/host.ts";
import type { Host } from "../probes/host.ts";
import { isForPort, settingsOf } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { readRunnerSlots } from "./runner-slots.ts";
import { findEnvironment } from "./sources/all.ts";
import { isOnThisMachine } from "./whereabouts.ts";

type Settings = OllamaReport["settings"];
/** `anew` when Ollama has been started since. */
type Reader<T> = (anew: boolean) => Promise<T>;

/** Settings change with a restart only, but one between two beats is not seen; and finding them costs a few processes. */
const KEPT_MS = 300_000;
/** What could not be read may be readable soon: a log is written, rights are given, a model is loaded. */
const MISSED_KEPT_MS = 60_000;

/** The environment of that Ollama as far as this machine lets us read it; undefined for one on another machine. */
export function environmentReader(ollamaUrl: string, host: Host = thisMachine): Reader<Environment | undefined> {
	if (!isOnThisMachine(ollamaUrl)) return async () => undefined;
	const port = new URL(ollamaUrl).port || "80";
	return kept(host, () => findEnvironment(host, port, (candidate) => isForPort(candidate, port)));
}

/** Its settings: read where they can be, guessed from what it has started where not. */
export function settingsReader(
	ollamaUrl: string,
	{ readEnvironment, host = thisMachine }: { readEnvironment: Reader<Environment | undefined>; host?: Host },
): Reader<Settings> {
	const readSlots = isOnThisMachine(ollamaUrl) ? kept(host, () => readRunnerSlots(host)) : async () => undefined;
	return async (anew) => {
		const environment = await readEnvironment(anew);
		const settings = environment === undefined ? {} : settingsOf(environment);
		return settings.num_parallel === undefined ? withSlots(settings, await readSlots(anew)) : settings;
	};
}

/** A value that was guessed marks the whole as guessed. */
function withSlots(settings: Settings, slots: number | undefined): Settings {
	return slots === undefined ? settings : { ...settings, num_parallel: slots, source: "inferred" };
}

function kept<T>(host: Host, read: () => Promise<T | undefined>): Reader<T | undefined> {
	let last: { value: T | undefined; until: number } | undefined;
	return async (anew) => {
		if (last !== undefined && !anew && host.now() < last.until) return last.value;
		const value = await read();
		last = { value, until: host.now() + (value === undefined ? MISSED_KEPT_MS : KEPT_MS) };
		return value;
	};
}
