import * as z from "zod";
import { jsonList } from "./json-list.ts";
import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";
import { hotterOf, thermalOf } from "./thermal.ts";

const QUESTION =
	"Get-CimInstance Win32_PerfFormattedData_Counters_ThermalZoneInformation" +
	" | Select-Object Temperature,PercentPassiveLimit | ConvertTo-Json -Compress";
const ZERO_CELSIUS_IN_KELVIN = 273.15;

const ZoneSchema = z.object({ Temperature: z.number().nullish(), PercentPassiveLimit: z.number().nullish() });

/** Windows tells of zones, most of them not the processor's; what counts is whether it holds the machine back. */
export const windowsThermal: Probe = {
	name: "thermal",
	platforms: ["win32"],
	everyMs: EVERY_MINUTE_MS,
	limitMs: 20_000,
	async read(host) {
		return parseThermalZones(await host.powershell(QUESTION));
	},
};

/** Temperatures in kelvin; a limit under 100 percent is a machine that is slowed down. Desktops often have no zone at all. */
export function parseThermalZones(text: string): Reading | undefined {
	const zones = jsonList(text).flatMap((entry) => ZoneSchema.safeParse(entry).data ?? []);
	if (zones.length === 0) return undefined;
	const temperatures = zones.flatMap(({ Temperature: kelvin }) => (kelvin ? [kelvin - ZERO_CELSIUS_IN_KELVIN] : []));
	const isSlowed = zones.some(({ PercentPassiveLimit: limit }) => (limit ?? 100) < 100);
	return { thermal: hotterOf(thermalOf(temperatures), isSlowed ? "warning" : "nominal") };
}
