import { pressureOf } from "./pressure.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

/** Windows counts what it can drop at once as free, so that Node's figure is the one that matters. */
export const windowsMemory: Probe = {
	name: "memory",
	platforms: ["win32"],
	everyMs: EVERY_BEAT_MS,
	async read(host) {
		const totalBytes = host.totalBytes();
		const availableBytes = Math.min(host.freeBytes(), totalBytes);
		const pressure = pressureOf(availableBytes / totalBytes, undefined);
		return { memory: { total_bytes: totalBytes, used_bytes: totalBytes - availableBytes, available_bytes: availableBytes, pressure } };
	},
};
