import { join } from "node:path";
import { easyTextOf, namesIn } from "./files.ts";
import type { Host } from "./host.ts";
import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

const SUPPLIES = "/sys/class/power_supply";

export interface PowerSupply {
	type: string | undefined;
	/** `Device` is a mouse's or a headset's. */
	scope: string | undefined;
	status: string | undefined;
	capacityPercent: string | undefined;
}

export const linuxBattery: Probe = {
	name: "battery",
	platforms: ["linux"],
	everyMs: EVERY_MINUTE_MS,
	read: readPowerSupplies,
};

export async function readPowerSupplies(host: Host): Promise<Reading | undefined> {
	const names = await namesIn(host.at(SUPPLIES));
	return batteryOf(await Promise.all(names.map((name) => readSupply(host.at(join(SUPPLIES, name))))));
}

async function readSupply(folder: string): Promise<PowerSupply> {
	const at = (file: string) => easyTextOf(join(folder, file));
	const [type, scope, status, capacityPercent] = await Promise.all([at("type"), at("scope"), at("status"), at("capacity")]);
	return { type, scope, status, capacityPercent };
}

/** A machine with two batteries drains one after the other: any that discharges means that there is no mains. */
export function batteryOf(supplies: readonly PowerSupply[]): Reading | undefined {
	const batteries = supplies.filter(({ type, scope }) => type === "Battery" && scope !== "Device");
	if (batteries.length === 0) return undefined;
	const charges = batteries.map(({ capacityPercent }) => Number(capacityPercent ?? Number.NaN)).filter(Number.isFinite);
	const sum = charges.reduce((total, charge) => total + charge, 0);
	return {
		battery: {
			on_battery: batteries.some(({ status }) => status === "Discharging"),
			...(charges.length === 0 ? {} : { charge_ratio: Math.min(1, sum / charges.length / 100) }),
		},
	};
}
