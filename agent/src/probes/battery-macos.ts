import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

export const macosBattery: Probe = {
	name: "battery",
	platforms: ["darwin"],
	everyMs: EVERY_MINUTE_MS,
	async read(host) {
		return parsePmsetBatt(await host.run("/usr/bin/pmset", ["-g", "batt"]));
	},
};

/** The first line names the source; a desktop has no other line. */
export function parsePmsetBatt(text: string): Reading | undefined {
	const percent = /InternalBattery.*?\t(\d+)%/.exec(text)?.[1];
	if (percent === undefined) return undefined;
	return { battery: { on_battery: text.includes("'Battery Power'"), charge_ratio: Math.min(1, Number(percent) / 100) } };
}
