import { textOf } from "./files.ts";
import type { Host } from "./host.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

export interface CpuTimes {
	busyMs: number;
	totalMs: number;
}

/** Less than that says more about the agent's own start than about the machine. */
const SHORTEST_SPAN_MS = 500;
/** The kernel counts in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;

/** The processor's load since the last reading. */
export function cpuProbe(): Probe {
	let before: { times: CpuTimes; at: number } | undefined;
	return {
		name: "cpu",
		platforms: ["linux", "darwin", "win32"],
		everyMs: EVERY_BEAT_MS,
		async read(host, last) {
			const now = { times: await timesOf(host), at: host.now() };
			if (before !== undefined && now.at - before.at < SHORTEST_SPAN_MS) return last;
			const ratio = before === undefined ? undefined : busyRatio(before.times, now.times);
			before = now;
			return { cpu: ratio === undefined ? {} : { utilization_ratio: ratio } };
		},
	};
}

/** Node reads the clock rate of every core beside, which takes long on machines with many. */
async function timesOf(host: Host): Promise<CpuTimes> {
	return host.platform === "linux" ? parseProcStat((await textOf(host.at("/proc/stat"))) ?? "") : sumTimes(host.cpus());
}

/** `cpu user nice system idle iowait irq softirq steal …`; what the hypervisor gave to others was not free either. */
export function parseProcStat(text: string): CpuTimes {
	const line = /^cpu +([\d ]+)$/m.exec(text)?.[1];
	if (line === undefined) throw new Error("/proc/stat has no line for all processors");
	const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
	const busy = user + nice + system + irq + softirq + steal;
	return { busyMs: busy * TICK_MS, totalMs: (busy + idle + iowait) * TICK_MS };
}

export function sumTimes(cores: readonly { times: Record<"user" | "nice" | "sys" | "idle" | "irq", number> }[]): CpuTimes {
	const sum: CpuTimes = { busyMs: 0, totalMs: 0 };
	for (const { times } of cores) {
		const busyMs = times.user + times.nice + times.sys + times.irq;
		sum.busyMs += busyMs;
		sum.totalMs += busyMs + times.idle;
	}
	return sum;
}

/** Unknown when no time has passed, or a core came or went between the two. */
export function busyRatio(before: CpuTimes, after: CpuTimes): number | undefined {
	const totalMs = after.totalMs - before.totalMs;
	if (totalMs <= 0) return undefined;
	return Math.min(1, Math.max(0, (after.busyMs - before.busyMs) / totalMs));
}
