import { join } from "node:path";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { readAmdTools } from "./amd-tools.ts";
import { findGpu } from "./chips/find.ts";
import { easyTextOf, numberIn } from "./files.ts";
import type { Host } from "./host.ts";
import { isAsleep, nameOf, pciCards, sensorsOf } from "./pci-card.ts";
import type { PciCard } from "./pci-card.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const AMD_PCI_VENDOR = "0x1002";
const MILLI = 1_000;

/** AMD's cards, from the kernel's files: no rights needed, no program started. */
export const amd: Probe = {
	name: "amd",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read(host, last) {
		const cards = await pciCards(host, AMD_PCI_VENDOR);
		const gpus = await Promise.all(cards.map((card) => readCard(host, card, last?.gpus ?? [])));
		if (gpus.length === 0) return undefined;
		return { gpus: gpus.some(knowsMemory) ? gpus : ((await readAmdTools(host)) ?? gpus) };
	},
};

function knowsMemory({ memory_total_bytes: totalBytes }: Gpu): boolean {
	return totalBytes !== undefined;
}

async function readCard(host: Host, card: PciCard, known: readonly Gpu[]): Promise<Gpu> {
	const numbers = (...names: string[]) => Promise.all(names.map((name) => numberIn(join(card.device, name))));
	const [vramTotal, vramUsed, gttTotal, gttUsed] = await numbers(
		"mem_info_vram_total",
		"mem_info_vram_used",
		"mem_info_gtt_total",
		"mem_info_gtt_used",
	);
	const [sensors, asleep] = await Promise.all([sensorsOf(card), isAsleep(card)]);
	return amdCard({
		id: card.id,
		name: known.find(({ id }) => id === card.id)?.name ?? (await nameOf(host, card, "AMD")),
		vram: { totalBytes: vramTotal, usedBytes: vramUsed },
		gtt: { totalBytes: gttTotal, usedBytes: gttUsed },
		// Only processors with graphics have a north bridge voltage.
		hasNorthBridge: (await Promise.all(sensors.map((sensor) => easyTextOf(join(sensor, "in1_label"))))).includes("vddnb"),
		busyPercent: asleep ? 0 : await numberIn(join(card.device, "gpu_busy_percent")),
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
export function amdCard({ id, name, vram, gtt, hasNorthBridge, busyPercent, milliCelsius }: AmdFacts): Gpu {
	const unified = hasNorthBridge || findGpu(name)?.unified === true;
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
