import { arch, cpus, platform } from "node:os";
import { output } from "../command.ts";
import { easyTextOf } from "./files.ts";
import { EVERY_HOUR_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

/** What does not change while the machine runs: its chip and how many cores that has. */
export const inventory: Probe = {
	name: "inventory",
	platforms: ["linux", "darwin", "win32"],
	everyMs: EVERY_HOUR_MS,
	async read() {
		const own = await readOwn();
		if (own.chip !== undefined && own.cores !== undefined) return reading(own);
		const asked = await askElsewhere();
		return reading({ chip: own.chip ?? asked.chip, cores: own.cores ?? asked.cores });
	},
};

interface Inventory {
	chip: string | undefined;
	/** Physical ones. */
	cores: number | undefined;
}

function reading({ chip, cores }: Inventory): Reading {
	return {
		platform: { os: platform(), arch: arch(), ...(chip === undefined ? {} : { chip }) },
		cpu: cores === undefined || cores < 1 ? {} : { cores_physical: cores },
	};
}

async function readOwn(): Promise<Inventory> {
	const chip = cpus()[0]?.model.trim();
	const named = { chip: chip === "" || chip === "unknown" ? undefined : chip, cores: undefined };
	if (platform() === "linux") return readLinux(named);
	if (platform() !== "darwin") return named;
	const cores = Number(await output("/usr/sbin/sysctl", ["-n", "hw.physicalcpu"]).catch(() => ""));
	return { ...named, cores: cores > 0 ? cores : undefined };
}

async function readLinux(named: Inventory): Promise<Inventory> {
	const [cpuinfo = "", board] = await Promise.all([easyTextOf("/proc/cpuinfo"), easyTextOf("/proc/device-tree/model")]);
	// Small boards tell the board's name, which says more than the name of an ARM core.
	return { chip: board?.replaceAll("\0", "") ?? named.chip, cores: physicalCores(cpuinfo) };
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

/** Loaded only where our own reading has a gap: on Windows it starts several PowerShells. */
async function askElsewhere(): Promise<Inventory> {
	const { cpu } = await import("systeminformation");
	const { brand, manufacturer, physicalCores: cores } = await cpu();
	const chip = `${manufacturer} ${brand}`.trim();
	return { chip: chip === "" ? undefined : chip, cores };
}
