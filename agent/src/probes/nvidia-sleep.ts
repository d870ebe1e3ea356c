/** Whether a laptop's card may sleep: a question wakes it, and questions that come too often keep it awake. */
import { join } from "node:path";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { easyTextOf, namesIn } from "./files.ts";
import type { Host } from "./host.ts";
import { readPowerSupplies } from "./battery-linux.ts";

const PCI_DEVICES = "/sys/bus/pci/devices";
const NVIDIA_PCI_VENDOR = "0x10de";
const DISPLAY_CLASS = "0x03";

/** Linux alone tells; elsewhere the driver does not put cards to sleep that are asked. */
export async function areAllAsleep(host: Host): Promise<boolean> {
	if (host.platform !== "linux") return false;
	const devices = await namesIn(host.at(PCI_DEVICES));
	const states = await Promise.all(devices.map((device) => powerStateOf(host.at(join(PCI_DEVICES, device)))));
	const cards = states.filter((state) => state !== undefined);
	return cards.length > 0 && cards.every((state) => state === "suspended");
}

export async function isOnBattery(host: Host): Promise<boolean> {
	return host.platform === "linux" && (await readPowerSupplies(host))?.battery?.on_battery === true;
}

/** What is surely true of a sleeping card: it does nothing. How warm and how full it was no longer holds. */
export function sleeping({ id, name, vendor, unified, memory_total_bytes: totalBytes }: Gpu): Gpu {
	return { id, name, vendor, unified, ...(totalBytes === undefined ? {} : { memory_total_bytes: totalBytes }), utilization_ratio: 0 };
}

async function powerStateOf(folder: string): Promise<string | undefined> {
	if ((await easyTextOf(join(folder, "vendor"))) !== NVIDIA_PCI_VENDOR) return undefined;
	if ((await easyTextOf(join(folder, "class")))?.startsWith(DISPLAY_CLASS) !== true) return undefined;
	return (await easyTextOf(join(folder, "power", "runtime_status"))) ?? "active";
}
