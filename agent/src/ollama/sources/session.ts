import type { SettingsSource } from "./source.ts";
import { VARIABLES } from "./source.ts";

/** What was set for the desktop session of a Mac, from which the app gets its environment. Nothing set says nothing: an Ollama may come from a terminal. */
export const session: SettingsSource = {
	platforms: ["darwin"],
	async read(host) {
		const ask = async (name: string) => [name, (await host.run("launchctl", ["getenv", name])).trim()] as const;
		const set = (await Promise.all(VARIABLES.map(ask))).filter(([, value]) => value !== "");
		return set.length === 0 ? [] : [Object.fromEntries(set)];
	},
};
