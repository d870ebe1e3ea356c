import { join } from "node:path";
import { bandwidthWith, findProcessor } from "./chips/find.ts";
import { easyTextOf, namesIn } from "./files.ts";
import type { Host } from "./host.ts";
import { readMemoryModules } from "./memory-modules.ts";
import type { MemoryModules } from "./memory-modules.ts";
import { EVERY_HOUR_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

const CORES = "/sys/devices/system/cpu";

/** What does not change while the machine runs: its chip, how many cores that has, and what its memory is built of. */
export const inventory: Probe = {
	name: "inventory",
	platforms: ["linux", "darwin", "win32"],
	everyMs: EVERY_HOUR_MS,
	limitMs: 20_000,
	async read(host) {
		const [own, modules] = await Promise.all([readOwn(host), readMemoryModules(host)]);
		if (own.chip !== undefined && own.cores !== undefined) return reading(host, own, modules);
		const asked = await askElsewhere();
		return reading(host, { chip: own.chip ?? asked.chip, cores: own.cores ?? asked.cores }, modules);
	},
};

interface Inventory {
	chip: string | undefined;
	/** Physical ones. */
	cores: number | undefined;
}

function reading({ platform, arch }: Host, { chip, cores }: Inventory, modules: MemoryModules | undefined): Reading {
	const known = chip === undefined ? undefined : findProcessor(chip);
	const gbps = known === undefined || modules === undefined ? undefined : bandwidthWith(known, modules);
	return {
		platform: {
			os: platform,
			arch,
			...(chip === undefined ? {} : { chip }),
			...(gbps === undefined ? {} : { memory_bandwidth_gbps: gbps }),
		},
		cpu: cores === undefined || cores < 1 ? {} : { cores_physical: cores },
	};
}

async function readOwn(host: Host): Promise<Inventory> {
	const chip = host.cpus()[0]?.model.trim();
	const named = { chip: chip === "" || chip === "unknown" ? undefined : chip, cores: undefined };
	if (host.platform === "linux") return readLinux(host, named);
	if (host.platform !== "darwin") return named;
	const cores = Number(await host.run("/usr/sbin/sysctl", ["-n", "hw.physicalcpu"]).catch(() => ""));
	return { ...named, cores: cores > 0 ? cores : undefined };
}

async function readLinux(host: Host, named: Inventory): Promise<Inventory> {
	const [cpuinfo = "", board] = await Promise.all([easyTextOf(host.at("/proc/cpuinfo")), easyTextOf(host.at("/proc/device-tree/model"))]);
	// Small boards tell the board's name, which says more than the name of an ARM core.
	return { chip: board?.replaceAll("\0", "") ?? named.chip, cores: physicalCores(cpuinfo) ?? (await coresByTopology(host)) };
}

/** The different pairs of socket and core in `/proc/cpuinfo`; ARM lists neither. */
export function physicalCores(cpuinfo: string): number | undefined {
	const cores = new Set<string>();
	for (const block of cpuinfo.split("\n\n")) {
		const socket = /^physical id\s*: (\d+)$/m.exec(block)?.[1];
		const core = /^core id\s*: (\d+)$/m.exec(block)?.[1];
		if (socket !== undefined && core !== undefined) cores.add(`${socket}/${core}`);
	}
	return cores.size > 0 ? cores.size : undefined;
}

/** The same from the kernel's other place, which ARM has as well. Threads of one core name the same siblings. */
async function coresByTopology(host: Host): Promise<number | undefined> {
	const names = (await namesIn(host.at(CORES))).filter((name) => /^cpu\d+$/.test(name));
	const siblings = await Promise.all(names.map((name) => easyTextOf(host.at(join(CORES, name, "topology", "thread_siblings_list")))));
	const cores = new Set(siblings.filter((list) => list !== undefined));
	return cores.size > 0 ? cores.size : undefined;
}

/** Loaded only where our own reading has a gap: on Windows it starts several PowerShells. */
async function askElsewhere(): Promise<Inventory> {
	const { cpu } = await import("systeminformation");
	const { brand, manufacturer, physicalCores: cores } = await cpu();
	const chip = `${manufacturer} ${brand}`.trim();
	return { chip: chip === "" ? undefined : chip, cores };
}
