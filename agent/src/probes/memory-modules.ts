/** The memory that is really built in: a processor is as fast as its modules, and half as fast with half its channels empty. */
import * as z from "zod";
import type { Host } from "./host.ts";
import { jsonList } from "./json-list.ts";

export interface MemoryModules {
	/** Of all modules together; a usual one has 64. */
	dataBits: number;
	megatransfersPerSecond: number;
}

const USUAL_BITS = 64;
const QUESTION = "Get-CimInstance Win32_PhysicalMemory | Select-Object DataWidth,ConfiguredClockSpeed | ConvertTo-Json -Compress";

/** `undefined` where nobody tells: in virtual machines, on small boards, on Macs. */
export async function readMemoryModules(host: Host): Promise<MemoryModules | undefined> {
	if (host.platform === "win32") return parsePhysicalMemory(await host.powershell(QUESTION).catch(() => ""));
	if (host.platform !== "linux") return undefined;
	// systemd reads the firmware's tables at start, for which others need rights.
	return parseUdevMemory(await host.run("udevadm", ["info", "-q", "property", "-p", "/sys/devices/virtual/dmi/id"]).catch(() => ""));
}

/** `MEMORY_DEVICE_0_CONFIGURED_SPEED_MTS=5600`; an empty slot has no size or is not present. */
export function parseUdevMemory(text: string): MemoryModules | undefined {
	const values = new Map([...text.matchAll(/^(?:E: )?MEMORY_DEVICE_(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
	const slots = [...values.keys()].flatMap((name) => /^(\d+)_SIZE$/.exec(name)?.[1] ?? []);
	const filled = slots.filter((slot) => Number(values.get(`${slot}_SIZE`)) > 0 && values.get(`${slot}_PRESENT`) !== "0");
	return together(
		filled.map((slot) => ({
			bits: Number(values.get(`${slot}_DATA_WIDTH`) ?? USUAL_BITS),
			speed: Number(values.get(`${slot}_CONFIGURED_SPEED_MTS`)),
		})),
	);
}

const ModuleSchema = z.object({ DataWidth: z.number().nullish(), ConfiguredClockSpeed: z.number().nullish() });

/** Windows calls the transfers of a second a clock. */
export function parsePhysicalMemory(text: string): MemoryModules | undefined {
	const modules = jsonList(text).flatMap((entry) => ModuleSchema.safeParse(entry).data ?? []);
	return together(modules.map(({ DataWidth: bits, ConfiguredClockSpeed: speed }) => ({ bits: bits ?? USUAL_BITS, speed: speed ?? 0 })));
}

/** They all run at the slowest one's pace. */
function together(modules: readonly { bits: number; speed: number }[]): MemoryModules | undefined {
	const slowest = Math.min(...modules.map(({ speed }) => speed));
	if (modules.length === 0 || !(slowest > 0)) return undefined;
	return { dataBits: modules.reduce((sum, { bits }) => sum + bits, 0), megatransfersPerSecond: slowest };
}
