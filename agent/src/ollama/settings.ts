import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import { thisMachine } from "../probes/host.ts";
import type { Host } from "../probes/host.ts";
import { isForPort, settingsOf } from "./environment.ts";
import { readRunnerSlots } from "./runner-slots.ts";
import { findEnvironment } from "./sources/all.ts";
import { isOnThisMachine } from "./whereabouts.ts";

type Settings = OllamaReport["settings"];

/** Settings change with a restart only, but one between two beats is not seen; and finding them costs a few processes. */
const KEPT_MS = 300_000;
/** What could not be read may be readable soon: a log is written, rights are given. */
const MISSED_KEPT_MS = 60_000;

/**
 * Ollama's settings as far as this machine lets us read them; none for an Ollama on another machine. `anew` when it has been
 * restarted.
 */
export function settingsReader(ollamaUrl: string, host: Host = thisMachine): (anew: boolean) => Promise<Settings> {
	if (!isOnThisMachine(ollamaUrl)) return async () => ({});
	const port = new URL(ollamaUrl).port || "80";
	let read: { settings: Settings | undefined; until: number } | undefined;
	let counted: { slots: number | undefined; until: number } | undefined;
	return async (anew) => {
		if (read === undefined || anew || host.now() >= read.until) {
			const environment = await findEnvironment(host, port, (candidate) => isForPort(candidate, port));
			const settings = environment === undefined ? undefined : settingsOf(environment);
			read = { settings, until: host.now() + (settings === undefined ? MISSED_KEPT_MS : KEPT_MS) };
		}
		const settings = read.settings ?? {};
		if (settings.num_parallel !== undefined) return settings;
		if (counted === undefined || anew || host.now() >= counted.until) {
			counted = { slots: await readRunnerSlots(host), until: host.now() + MISSED_KEPT_MS };
		}
		return withSlots(settings, counted.slots);
	};
}

/** A value that was guessed marks the whole as guessed. */
function withSlots(settings: Settings, slots: number | undefined): Settings {
	return slots === undefined ? settings : { ...settings, num_parallel: slots, source: "inferred" };
}
