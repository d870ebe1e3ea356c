import { cpus } from "node:os";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

export interface CpuTimes {
	busyMs: number;
	totalMs: number;
}

/** Less than that says more about the agent's own start than about the machine. */
const SHORTEST_SPAN_MS = 500;

/** The processor's load since the last reading. */
export function cpuProbe(): Probe {
	let before = { times: sumTimes(cpus()), at: performance.now() };
	return {
		name: "cpu",
		platforms: ["linux", "darwin", "win32"],
		everyMs: EVERY_BEAT_MS,
		async read(last) {
			const now = { times: sumTimes(cpus()), at: performance.now() };
			if (now.at - before.at < SHORTEST_SPAN_MS) return last ?? { cpu: {} };
			const ratio = busyRatio(before.times, now.times);
			before = now;
			return { cpu: ratio === undefined ? {} : { utilization_ratio: ratio } };
		},
	};
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
