import { join } from "node:path";
import { easyTextOf, namesIn, numberIn } from "./files.ts";
import type { Host } from "./host.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { hotterOf, thermalOf } from "./thermal.ts";
import { throttleWatch } from "./thermal-throttle.ts";
import { zonesOf } from "./thermal-zones.ts";

const SENSORS = "/sys/class/hwmon";
const MILLI = 1_000;

/** Of the processor; others (disk, radio, battery) run at other temperatures. */
const PROCESSOR_ZONE = /^(x86_pkg_temp|cpu.*|soc.*|.*cpu.*thermal.*)$/i;
const PROCESSOR_SENSORS = new Set(["coretemp", "k10temp", "zenpower", "cpu_thermal"]);

/** The processor's temperature, from the kernel's zones and sensors, and whether it holds itself back. Virtual machines have neither. */
export function linuxThermalProbe(): Probe {
	const readThrottle = throttleWatch();
	return {
		name: "thermal",
		platforms: ["linux"],
		everyMs: EVERY_BEAT_MS,
		async read(host) {
			const [zones, sensors, throttle] = await Promise.all([zonesOf(host), readSensors(host), readThrottle(host)]);
			const temperatures = [...zones.filter(({ type }) => isProcessorZone(type)).map(({ celsius }) => celsius), ...sensors];
			if (temperatures.length === 0 && throttle === undefined) return undefined;
			return { thermal: hotterOf(thermalOf(temperatures), throttle) };
		},
	};
}

async function readSensors(host: Host): Promise<number[]> {
	const readings = await Promise.all(
		(await namesIn(host.at(SENSORS))).map(async (sensor) => {
			const folder = host.at(join(SENSORS, sensor));
			if (!PROCESSOR_SENSORS.has((await easyTextOf(join(folder, "name"))) ?? "")) return [];
			const inputs = (await namesIn(folder)).filter((name) => /^temp\d+_input$/.test(name));
			return Promise.all(inputs.map((input) => numberIn(join(folder, input))));
		}),
	);
	return readings.flat().flatMap((reading) => (reading === undefined ? [] : [reading / MILLI]));
}

export function isProcessorZone(type: string): boolean {
	return PROCESSOR_ZONE.test(type);
}
