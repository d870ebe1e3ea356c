/** What the router holds: memory and file descriptors of workerd, by /proc. */
import { readdirSync, readFileSync } from "node:fs";
import type { Home } from "./home.ts";

export interface Level {
	readonly workerdPid: number;
	readonly memoryMb: number;
	readonly descriptors: number;
}

/** A level that is this much higher is no leak yet: heaps breathe, and connections are kept for a while. */
const MEMORY_SLACK_MB = 120;
const DESCRIPTOR_SLACK = 64;

/** Undefined where there is no /proc. */
export function levelOf({ herd }: Home): Level | undefined {
	if (process.platform !== "linux") return undefined;
	const pid = herd.workerdPid();
	const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
	return { workerdPid: pid, memoryMb: Math.round(Number(kilobytes) / 1024), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** What has grown too much between two calm moments of one workerd. */
export function growth(before: Level | undefined, after: Level | undefined): string[] {
	if (!before || !after || before.workerdPid !== after.workerdPid) return [];
	const problems = [];
	if (after.memoryMb > before.memoryMb + MEMORY_SLACK_MB) problems.push(`workerd grew from ${before.memoryMb} to ${after.memoryMb} MB`);
	if (after.descriptors > before.descriptors + DESCRIPTOR_SLACK)
		problems.push(`workerd went from ${before.descriptors} to ${after.descriptors} file descriptors`);
	return problems;
}
