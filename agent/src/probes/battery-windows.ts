import * as z from "zod";
import { output } from "../command.ts";
import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

const SCRIPT = "Get-CimInstance Win32_Battery | Select-Object EstimatedChargeRemaining,BatteryStatus | ConvertTo-Json -Compress";
/** The only status that means there is no mains. */
const DISCHARGING = 1;

const BatterySchema = z.object({ EstimatedChargeRemaining: z.number().nullish(), BatteryStatus: z.number().nullish() });

export const windowsBattery: Probe = {
	name: "battery",
	platforms: ["win32"],
	// Each reading starts a PowerShell, which costs most of a second of one core.
	everyMs: 2 * EVERY_MINUTE_MS,
	async read() {
		return parseWin32Battery(await output("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", SCRIPT]));
	},
};

/** PowerShell prints one battery as an object, several as a list, and nothing on a desktop. */
export function parseWin32Battery(text: string): Reading | undefined {
	if (text.trim() === "") return undefined;
	const parsed: unknown = JSON.parse(text);
	const battery = BatterySchema.parse(Array.isArray(parsed) ? parsed[0] : parsed);
	const percent = battery.EstimatedChargeRemaining ?? undefined;
	return {
		battery: {
			on_battery: battery.BatteryStatus === DISCHARGING,
			...(percent === undefined ? {} : { charge_ratio: Math.min(1, Math.max(0, percent / 100)) }),
		},
	};
}
