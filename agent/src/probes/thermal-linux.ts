import { join } from "node:path";
import { easyTextOf, namesIn, numberIn } from "./files.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { thermalOf } from "./thermal.ts";

const ZONES = "/sys/class/thermal";
const SENSORS = "/sys/class/hwmon";
const MILLI = 1_000;

/** Of the processor; others (disk, radio, battery) run at other temperatures. */
const PROCESSOR_ZONE = /^(x86_pkg_temp|cpu.*|soc.*|.*cpu.*thermal.*)$/i;
const PROCESSOR_SENSORS = new Set(["coretemp", "k10temp", "zenpower", "cpu_thermal"]);

/** The processor's temperature, from the kernel's zones and sensors. Virtual machines have none. */
export const linuxThermal: Probe = {
	name: "thermal",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read() {
		const readings = await Promise.all([readZones(), readSensors()]);
		const temperatures = readings.flat().map((milliCelsius) => milliCelsius / MILLI);
		return temperatures.length === 0 ? undefined : { thermal: thermalOf(temperatures) };
	},
};

async function readZones(): Promise<number[]> {
	const zones = (await namesIn(ZONES)).filter((name) => name.startsWith("thermal_zone"));
	const readings = await Promise.all(
		zones.map(async (zone) => {
			const type = (await easyTextOf(join(ZONES, zone, "type"))) ?? "";
			return isProcessorZone(type) ? numberIn(join(ZONES, zone, "temp")) : undefined;
		}),
	);
	return readings.filter((reading) => reading !== undefined);
}

async function readSensors(): Promise<number[]> {
	const readings = await Promise.all(
		(await namesIn(SENSORS)).map(async (sensor) => {
			const folder = join(SENSORS, sensor);
			if (!PROCESSOR_SENSORS.has((await easyTextOf(join(folder, "name"))) ?? "")) return [];
			const inputs = (await namesIn(folder)).filter((name) => /^temp\d+_input$/.test(name));
			return Promise.all(inputs.map((input) => numberIn(join(folder, input))));
		}),
	);
	return readings.flat().filter((reading) => reading !== undefined);
}

export function isProcessorZone(type: string): boolean {
	return PROCESSOR_ZONE.test(type);
}
