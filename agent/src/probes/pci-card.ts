/** Graphics cards as the kernel shows them. */
import { readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { easyTextOf, namesIn } from "./files.ts";
import type { Host } from "./host.ts";

const CARDS = "/sys/class/drm";

export interface PciCard {
	/** The address on the bus, `0000:03:00.0`. */
	id: string;
	/** Where the kernel shows the card itself, and where its device. */
	folder: string;
	device: string;
}

/** Cards of one vendor (`0x1002`). */
export async function pciCards(host: Host, vendor: string): Promise<PciCard[]> {
	// `card0-DP-1` is a connector.
	const names = (await namesIn(host.at(CARDS))).filter((name) => /^card\d+$/.test(name));
	const found = await Promise.all(names.map((name) => cardAt(host.at(join(CARDS, name)), vendor)));
	return found.filter((card) => card !== undefined);
}

async function cardAt(folder: string, vendor: string): Promise<PciCard | undefined> {
	const device = join(folder, "device");
	if ((await easyTextOf(join(device, "vendor"))) !== vendor) return undefined;
	return { id: basename(await readlink(device)), folder, device };
}

/** Its sensors. One that sleeps answers nothing, or would be woken by the question. */
export async function sensorsOf({ device }: PciCard): Promise<string[]> {
	const names = await namesIn(join(device, "hwmon"));
	return names.map((name) => join(device, "hwmon", name));
}

export async function isAsleep({ device }: PciCard): Promise<boolean> {
	return (await easyTextOf(join(device, "power", "runtime_status"))) === "suspended";
}

/** The kernel names some cards, lspci most of them. */
export async function nameOf(host: Host, { id, device }: PciCard, maker: string): Promise<string> {
	const product = await easyTextOf(join(device, "product_name"));
	if (product !== undefined && product !== "") return product;
	const listed = await host.run("lspci", ["-mm", "-s", id]).catch(() => "");
	return parseLspci(listed) ?? `${maker} ${(await easyTextOf(join(device, "device"))) ?? "graphics"}`;
}

/** `03:00.0 "VGA compatible controller" "Vendor" "Navi 31 [Radeon RX 7900 XTX]" …`. */
export function parseLspci(line: string): string | undefined {
	const [, , device] = line.match(/"[^"]*"/g) ?? [];
	if (device === undefined) return undefined;
	return /\[(.+)\]/.exec(device)?.[1] ?? device.slice(1, -1);
}
