import * as z from "zod";
import { jsonList } from "./json-list.ts";
import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

const QUESTION = "Get-CimInstance Win32_Battery | Select-Object EstimatedChargeRemaining,BatteryStatus | ConvertTo-Json -Compress";
/** Discharging, low, critical: charging while low or critical has numbers of its own. */
const NO_MAINS = new Set([1, 4, 5]);

const BatterySchema = z.object({ EstimatedChargeRemaining: z.number().nullish(), BatteryStatus: z.number().nullish() });

export const windowsBattery: Probe = {
	name: "battery",
	platforms: ["win32"],
	everyMs: EVERY_MINUTE_MS,
	limitMs: 20_000,
	async read(host) {
		return parseWin32Battery(await host.powershell(QUESTION));
	},
};

/** A desktop has none. */
export function parseWin32Battery(text: string): Reading | undefined {
	const [first] = jsonList(text);
	if (first === undefined) return undefined;
	const battery = BatterySchema.parse(first);
	const percent = battery.EstimatedChargeRemaining ?? undefined;
	return {
		battery: {
			on_battery: NO_MAINS.has(battery.BatteryStatus ?? 0),
			...(percent === undefined ? {} : { charge_ratio: Math.min(1, Math.max(0, percent / 100)) }),
		},
	};
}
