import type { Pressure } from "./pressure.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

/** Used memory as Activity Monitor shows it, and the kernel's own word on pressure: a Mac that is 82 % full may be at ease. */
export const macosMemory: Probe = {
	name: "memory",
	platforms: ["darwin"],
	everyMs: EVERY_BEAT_MS,
	async read(host) {
		const [pages, level] = await Promise.all([
			host.run("/usr/bin/vm_stat", []),
			host.run("/usr/sbin/sysctl", ["-n", "kern.memorystatus_vm_pressure_level"]).catch(() => ""),
		]);
		const totalBytes = host.totalBytes();
		const usedBytes = Math.min(totalBytes, parseVmStat(pages));
		const pressure = parsePressureLevel(level);
		return { memory: { total_bytes: totalBytes, used_bytes: usedBytes, available_bytes: totalBytes - usedBytes, pressure } };
	},
};

/** Used bytes: anonymous pages without the purgeable ones, wired pages, and those that the compressor occupies. */
export function parseVmStat(text: string): number {
	const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? Number.NaN);
	const pages = (label: string) => Number(new RegExp(`^"?${label}"?:\\s+(\\d+)\\.?$`, "m").exec(text)?.[1] ?? Number.NaN);
	const usedBytes =
		(pages("Anonymous pages") - pages("Pages purgeable") + pages("Pages wired down") + pages("Pages occupied by compressor")) * pageBytes;
	if (Number.isNaN(usedBytes)) throw new Error("vm_stat printed something unexpected");
	return Math.max(0, usedBytes);
}

export function parsePressureLevel(text: string): Pressure {
	const levels: Record<string, Pressure> = { "1": "normal", "2": "warn", "4": "critical" };
	return levels[text.trim()] ?? "unknown";
}
