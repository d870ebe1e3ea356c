import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { readMetalTotal } from "../ollama/sources/log-file.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

/** Ollama asks once, at its start. */
const METAL_KEPT_MS = 600_000;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** The GPU of Apple silicon. On Intel Macs Ollama runs on the processor, whatever card there is. */
export function appleGpuProbe(): Probe {
	let metal: { at: number; totalBytes: number | undefined } | undefined;
	return {
		name: "apple-gpu",
		platforms: ["darwin"],
		everyMs: EVERY_BEAT_MS,
		async read(host) {
			if (host.arch !== "arm64") return undefined;
			if (metal === undefined || host.now() - metal.at >= METAL_KEPT_MS) metal = { at: host.now(), totalBytes: await readMetalTotal(host) };
			const [registry, limit] = await Promise.all([
				host.run("/usr/sbin/ioreg", ["-r", "-d", "1", "-w", "0", "-c", "IOAccelerator"]),
				host.run("/usr/sbin/sysctl", ["-n", "iogpu.wired_limit_mb"]).catch(() => "0"),
			]);
			const name = host.cpus()[0]?.model ?? "Apple GPU";
			return {
				gpus: [appleCard({ name, registry, limitMib: Number(limit), memoryBytes: host.totalBytes(), metalBytes: metal.totalBytes })],
			};
		},
	};
}

export interface AppleFacts {
	name: string;
	/** What ioreg printed. */
	registry: string;
	/** What a person allowed the GPU to hold; 0 is the system's default. */
	limitMib: number;
	memoryBytes: number;
	/** What Ollama itself was given, where its log can be read. */
	metalBytes: number | undefined;
}

export function appleCard({ name, registry, limitMib, memoryBytes, metalBytes }: AppleFacts): Gpu {
	const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(registry)?.[1] ?? "";
	// The keys with `(driver)` behind them count something else.
	const at = (key: string) => new RegExp(`"${key}"=(\\d+)`).exec(statistics)?.[1];
	const busyPercent = at("Device Utilization %");
	const usedBytes = at("In use system memory");
	return {
		id: "apple-0",
		name,
		vendor: "apple",
		unified: true,
		memory_total_bytes: metalBytes ?? (limitMib > 0 ? limitMib * MIB : defaultLimitBytes(memoryBytes)),
		...(usedBytes === undefined ? {} : { memory_used_bytes: Number(usedBytes) }),
		...(busyPercent === undefined ? {} : { utilization_ratio: Math.min(1, Number(busyPercent) / 100) }),
	};
}

/** Metal's recommended working set, at the low end of what was seen: two thirds of a small Mac's memory, three quarters of a big one's. */
function defaultLimitBytes(memoryBytes: number): number {
	return Math.floor(memoryBytes * (memoryBytes <= 36 * GIB ? 2 / 3 : 3 / 4));
}
