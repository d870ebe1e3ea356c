import { join } from "node:path";
import { easyTextOf, namesIn, numberIn } from "./files.ts";
import type { Host } from "./host.ts";

const ZONES = "/sys/class/thermal";
const MILLI = 1_000;

/** The kernel's zones, each with its own temperature: one that can't be read must not shift the others. */
export async function zonesOf(host: Host): Promise<{ type: string; celsius: number }[]> {
	const names = (await namesIn(host.at(ZONES))).filter((name) => name.startsWith("thermal_zone"));
	const zones = await Promise.all(
		names.map(async (name) => {
			const folder = host.at(join(ZONES, name));
			const [type = "", milliCelsius] = await Promise.all([easyTextOf(join(folder, "type")), numberIn(join(folder, "temp"))]);
			return milliCelsius === undefined ? [] : [{ type, celsius: milliCelsius / MILLI }];
		}),
	);
	return zones.flat();
}
