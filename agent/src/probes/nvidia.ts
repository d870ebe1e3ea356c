import { access } from "node:fs/promises";
import { join } from "node:path";
import { platform } from "node:process";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { output } from "../command.ts";
import { findGpu } from "./chips/find.ts";
import { easyTextOf, namesIn } from "./files.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const MIB = 1024 ** 2;
const PCI_DEVICES = "/sys/bus/pci/devices";
const NVIDIA_PCI_VENDOR = "0x10de";

const FIELDS = ["uuid", "name", "memory.total", "memory.used", "utilization.gpu", "temperature.gpu"];
const QUERY = [`--query-gpu=${FIELDS.join(",")}`, "--format=csv,noheader,nounits"];

/** Where nvidia-smi is when it is not on the PATH of a service. */
const USUAL_PLACES: Partial<Record<NodeJS.Platform, string>> = {
	linux: "/usr/lib/wsl/lib/nvidia-smi",
	win32: join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "nvidia-smi.exe"),
};

/** NVIDIA's cards, through its own program. */
export const nvidia: Probe = {
	name: "nvidia",
	platforms: ["linux", "win32"],
	everyMs: EVERY_BEAT_MS,
	async read(last) {
		// Asking would wake a laptop's sleeping card and keep it awake.
		if (last !== undefined && (await allAsleep())) return last;
		const csv = await query();
		return csv === undefined ? undefined : { gpus: parseNvidiaSmi(csv) };
	},
};

async function query(): Promise<string | undefined> {
	try {
		return await output("nvidia-smi", QUERY);
	} catch (error) {
		if (!isMissing(error)) throw error;
	}
	const place = USUAL_PLACES[platform];
	const exists =
		place !== undefined &&
		(await access(place).then(
			() => true,
			() => false,
		));
	return exists ? output(place, QUERY) : undefined;
}

function isMissing(error: unknown): boolean {
	const cause: unknown = error instanceof Error ? error.cause : undefined;
	return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT";
}

async function allAsleep(): Promise<boolean> {
	if (platform !== "linux") return false;
	const states = await Promise.all((await namesIn(PCI_DEVICES)).map(powerStateOf));
	const cards = states.filter((state) => state !== undefined);
	return cards.length > 0 && cards.every((state) => state === "suspended");
}

/** Only of NVIDIA's display controllers, PCI class 03. */
async function powerStateOf(device: string): Promise<string | undefined> {
	const folder = join(PCI_DEVICES, device);
	if ((await easyTextOf(join(folder, "vendor"))) !== NVIDIA_PCI_VENDOR) return undefined;
	if ((await easyTextOf(join(folder, "class")))?.startsWith("0x03") !== true) return undefined;
	return (await easyTextOf(join(folder, "power", "runtime_status"))) ?? "active";
}

/** One line per card in the order of `FIELDS`; memory in MiB. A line that is no card is a message: the driver is in trouble. */
export function parseNvidiaSmi(csv: string): Gpu[] {
	const lines = csv.split("\n").map((line) => line.trim());
	return lines.filter((line) => line !== "" && line !== "No devices were found").map(parseCard);
}

function parseCard(line: string): Gpu {
	const cells = line.split(", ");
	const [id, name] = cells;
	if (id === undefined || name === undefined || cells.length !== FIELDS.length) throw new Error(`nvidia-smi: ${line.slice(0, 120)}`);
	const [totalMib, usedMib, busyPercent, celsius] = cells.slice(2).map(numberOf);
	return {
		id,
		name,
		vendor: "nvidia",
		unified: totalMib === undefined && findGpu(name)?.unified === true,
		...(totalMib === undefined ? {} : { memory_total_bytes: totalMib * MIB }),
		...(usedMib === undefined ? {} : { memory_used_bytes: usedMib * MIB }),
		...(busyPercent === undefined ? {} : { utilization_ratio: Math.min(1, busyPercent / 100) }),
		...(celsius === undefined ? {} : { temperature_celsius: celsius }),
	};
}

/** `[N/A]`, `[Not Supported]`, `[Insufficient Permissions]` and their like are unknown. */
function numberOf(cell: string): number | undefined {
	return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}
