import { cgroupMemory } from "./cgroup.ts";
import type { CgroupMemory } from "./cgroup.ts";
import { easyTextOf, textOf } from "./files.ts";
import { parseStall, pressureOf } from "./pressure.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const KIB = 1024;

/** The kernel's own figures, cut down to what a container may use. */
export const linuxMemory: Probe = {
	name: "memory",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read(host) {
		const [meminfo, stall, limit] = await Promise.all([
			textOf(host.at("/proc/meminfo")),
			// Some distributions switch it off.
			easyTextOf(host.at("/proc/pressure/memory")),
			cgroupMemory(host).catch(() => undefined),
		]);
		const { totalBytes, availableBytes } = withinLimit(parseMeminfo(meminfo ?? ""), limit);
		const pressure = pressureOf(availableBytes / totalBytes, parseStall(stall ?? ""));
		return { memory: { total_bytes: totalBytes, used_bytes: totalBytes - availableBytes, available_bytes: availableBytes, pressure } };
	},
};

export interface Amount {
	totalBytes: number;
	availableBytes: number;
}

export function parseMeminfo(text: string): Amount {
	const bytesAt = (label: string) => {
		const kib = new RegExp(`^${label}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
		if (kib === undefined) throw new Error(`/proc/meminfo has no ${label}`);
		return Number(kib) * KIB;
	};
	return { totalBytes: bytesAt("MemTotal"), availableBytes: bytesAt("MemAvailable") };
}

/** A limit above the machine's memory is none. */
export function withinLimit(machine: Amount, limit: CgroupMemory | undefined): Amount {
	if (limit === undefined || limit.limitBytes >= machine.totalBytes) return machine;
	const leftBytes = Math.max(0, limit.limitBytes - limit.usedBytes);
	return { totalBytes: limit.limitBytes, availableBytes: Math.min(machine.availableBytes, leftBytes) };
}
