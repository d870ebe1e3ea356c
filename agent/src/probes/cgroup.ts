import { dirname, join } from "node:path";
import { easyTextOf, numberIn } from "./files.ts";
import type { Host } from "./host.ts";

const ROOT = "/sys/fs/cgroup";

export interface CgroupMemory {
	limitBytes: number;
	/** Without what the kernel can drop at once. */
	usedBytes: number;
}

/** The tightest memory limit on this process, from its own group up to the root; none is the usual case. */
export async function cgroupMemory(host: Host): Promise<CgroupMemory | undefined> {
	const path = parseCgroupPath((await easyTextOf(host.at("/proc/self/cgroup"))) ?? "");
	if (path === undefined) return readV1(host.at(join(ROOT, "memory")));
	const limits = await Promise.all(ancestors(path).map((group) => readV2(host.at(join(ROOT, group)))));
	return tightest(limits.filter((limit) => limit !== undefined));
}

/** The second version's line is `0::/path`; the first version has none. */
export function parseCgroupPath(text: string): string | undefined {
	return /^0::(\/.*)$/m.exec(text)?.[1];
}

/** `/a/b` → `/a/b`, `/a`, `/`. */
export function ancestors(path: string): string[] {
	const parent = dirname(path);
	return parent === path ? [path] : [path, ...ancestors(parent)];
}

/** The group with the least left. */
export function tightest(limits: readonly CgroupMemory[]): CgroupMemory | undefined {
	const left = ({ limitBytes, usedBytes }: CgroupMemory) => limitBytes - usedBytes;
	return limits.toSorted((one, other) => left(one) - left(other))[0];
}

async function readV2(folder: string): Promise<CgroupMemory | undefined> {
	// `max`, which is no number, stands for no limit.
	const limitBytes = await numberIn(join(folder, "memory.max"));
	if (limitBytes === undefined) return undefined;
	const [currentBytes, stat] = await Promise.all([numberIn(join(folder, "memory.current")), easyTextOf(join(folder, "memory.stat"))]);
	return { limitBytes, usedBytes: Math.max(0, (currentBytes ?? 0) - inactiveFileBytes(stat ?? "")) };
}

async function readV1(folder: string): Promise<CgroupMemory | undefined> {
	const limitBytes = await numberIn(join(folder, "memory.limit_in_bytes"));
	if (limitBytes === undefined) return undefined;
	const [currentBytes, stat] = await Promise.all([
		numberIn(join(folder, "memory.usage_in_bytes")),
		easyTextOf(join(folder, "memory.stat")),
	]);
	return { limitBytes, usedBytes: Math.max(0, (currentBytes ?? 0) - inactiveFileBytes(stat ?? "")) };
}

/** Page cache that nobody reads. */
export function inactiveFileBytes(stat: string): number {
	return Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
}
