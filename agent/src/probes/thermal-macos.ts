import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Thermal } from "./thermal.ts";

const LEVEL_KEY = "com.apple.system.thermalpressurelevel";
/** Below half speed a machine is no longer worth choosing. */
const CRITICAL_SPEED_PERCENT = 50;

/** macOS tells no temperature without rights, but how much it holds itself back. */
export const macosThermal: Probe = {
	name: "thermal",
	platforms: ["darwin"],
	everyMs: EVERY_BEAT_MS,
	async read(host) {
		const level = await host.run("/usr/bin/notifyutil", ["-g", LEVEL_KEY]).catch(() => "");
		const state = parsePressureLevel(level) ?? parseTherm(await host.run("/usr/bin/pmset", ["-g", "therm"]));
		return { thermal: { state } };
	},
};

/** `com.apple.system.thermalpressurelevel 0`: nominal, moderate, heavy (the machine is slowed), trapping, sleeping. */
export function parsePressureLevel(text: string): Thermal["state"] | undefined {
	const level = /\s(\d+)\s*$/.exec(text)?.[1];
	if (level === undefined) return undefined;
	if (Number(level) >= 3) return "critical";
	return Number(level) === 2 ? "warning" : "nominal";
}

/** A cool machine prints notes that nothing was recorded; a hot one its speed limit in percent. */
export function parseTherm(text: string): Thermal["state"] {
	const limit = /CPU_Speed_Limit\s*=\s*(\d+)/.exec(text)?.[1];
	if (limit === undefined) return text.includes("No thermal warning level") ? "nominal" : "unknown";
	if (Number(limit) >= 100) return "nominal";
	return Number(limit) < CRITICAL_SPEED_PERCENT ? "critical" : "warning";
}
