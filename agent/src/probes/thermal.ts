/** When a temperature is a worry; pure. */
import type { MachineReport } from "../machine-report.ts";

export type Thermal = MachineReport["thermal"];

/** The origin's bar: below it fans are loud at most. */
const WARNING_CELSIUS = 85;
/** Most processors slow down at 95 to 100. */
const CRITICAL_CELSIUS = 97;
/** Sensors that are not wired up read as nonsense. */
const PLAUSIBLE_CELSIUS = { least: 1, most: 130 };

/** The hottest plausible reading decides. */
export function thermalOf(temperaturesCelsius: readonly number[]): Thermal {
	const plausible = temperaturesCelsius.filter((value) => value >= PLAUSIBLE_CELSIUS.least && value <= PLAUSIBLE_CELSIUS.most);
	if (plausible.length === 0) return { state: "unknown" };
	const hottest = Math.max(...plausible);
	if (hottest >= CRITICAL_CELSIUS) return { state: "critical", temperature_celsius: hottest };
	return { state: hottest >= WARNING_CELSIUS ? "warning" : "nominal", temperature_celsius: hottest };
}

/** A machine that says it holds itself back is warm, whatever its sensors tell. */
export function hotterOf(thermal: Thermal, throttle: "nominal" | "warning" | undefined): Thermal {
	if (throttle === undefined) return thermal;
	const { state } = thermal;
	return { ...thermal, state: state === "unknown" || (state === "nominal" && throttle === "warning") ? throttle : state };
}
