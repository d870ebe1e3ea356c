import { readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { output } from "../command.ts";
import { easyTextOf, namesIn, numberIn } from "./files.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const CARDS = "/sys/class/drm";
const AMD_PCI_VENDOR = "0x1002";
const MILLI = 1_000;

/** AMD's cards, from the kernel's files: no rights needed, no program started. */
export const amd: Probe = {
	name: "amd",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read(last) {
		// `card0-DP-1` is a connector.
		const names = (await namesIn(CARDS)).filter((name) => /^card\d+$/.test(name));
		const cards = await Promise.all(names.map((name) => readCard(join(CARDS, name, "device"), last?.gpus ?? [])));
		const gpus = cards.filter((card) => card !== undefined);
		return gpus.length === 0 ? undefined : { gpus };
	},
};

async function readCard(folder: string, known: readonly Gpu[]): Promise<Gpu | undefined> {
	if ((await easyTextOf(join(folder, "vendor"))) !== AMD_PCI_VENDOR) return undefined;
	const id = basename(await readlink(folder));
	const numbers = (...names: string[]) => Promise.all(names.map((name) => numberIn(join(folder, name))));
	const [vramTotal, vramUsed, gttTotal, gttUsed] = await numbers(
		"mem_info_vram_total",
		"mem_info_vram_used",
		"mem_info_gtt_total",
		"mem_info_gtt_used",
	);
	const sensors = (await namesIn(join(folder, "hwmon"))).map((name) => join(folder, "hwmon", name));
	const asleep = (await easyTextOf(join(folder, "power", "runtime_status"))) === "suspended";
	return amdCard({
		id,
		name: known.find((card) => card.id === id)?.name ?? (await nameOf(folder, id)),
		vram: { totalBytes: vramTotal, usedBytes: vramUsed },
		gtt: { totalBytes: gttTotal, usedBytes: gttUsed },
		// Only processors with graphics have a north bridge voltage.
		hasNorthBridge: (await Promise.all(sensors.map((sensor) => easyTextOf(join(sensor, "in1_label"))))).includes("vddnb"),
		busyPercent: asleep ? undefined : await numberIn(join(folder, "gpu_busy_percent")),
		milliCelsius: asleep || sensors[0] === undefined ? undefined : await numberIn(join(sensors[0], "temp1_input")),
	});
}

interface Bytes {
	totalBytes: number | undefined;
	usedBytes: number | undefined;
}

export interface AmdFacts {
	id: string;
	name: string;
	vram: Bytes;
	/** The machine's memory that the card may use. */
	gtt: Bytes;
	hasNorthBridge: boolean;
	busyPercent: number | undefined;
	milliCelsius: number | undefined;
}

/** A processor with graphics has a small share of its own and works in the machine's memory too; its load file is not to be trusted. */
export function amdCard({ id, name, vram, gtt, hasNorthBridge: unified, busyPercent, milliCelsius }: AmdFacts): Gpu {
	const { totalBytes, usedBytes } = unified ? addBytes(vram, gtt) : vram;
	const busyRatio = unified || busyPercent === undefined ? undefined : Math.min(1, busyPercent / 100);
	return {
		id,
		name,
		vendor: "amd",
		unified,
		...(totalBytes === undefined ? {} : { memory_total_bytes: totalBytes }),
		...(usedBytes === undefined ? {} : { memory_used_bytes: usedBytes }),
		...(busyRatio === undefined ? {} : { utilization_ratio: busyRatio }),
		...(milliCelsius === undefined ? {} : { temperature_celsius: milliCelsius / MILLI }),
	};
}

function addBytes(one: Bytes, other: Bytes): Bytes {
	return { totalBytes: sum(one.totalBytes, other.totalBytes), usedBytes: sum(one.usedBytes, other.usedBytes) };
}

function sum(first: number | undefined, second: number | undefined): number | undefined {
	return first === undefined || second === undefined ? first : first + second;
}

/** The kernel names some cards, lspci most of them. */
async function nameOf(folder: string, id: string): Promise<string> {
	const product = await easyTextOf(join(folder, "product_name"));
	if (product !== undefined && product !== "") return product;
	const listed = await output("lspci", ["-mm", "-s", id]).catch(() => "");
	return parseLspci(listed) ?? `AMD ${(await easyTextOf(join(folder, "device"))) ?? "graphics"}`;
}

/** `03:00.0 "VGA compatible controller" "Vendor" "Navi 31 [Radeon RX 7900 XTX]" …`. */
export function parseLspci(line: string): string | undefined {
	const [, , device] = line.match(/"[^"]*"/g) ?? [];
	if (device === undefined) return undefined;
	return /\[(.+)\]/.exec(device)?.[1] ?? device.slice(1, -1);
}
