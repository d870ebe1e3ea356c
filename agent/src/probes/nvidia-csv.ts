/** What nvidia-smi prints; pure. */
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { findGpu } from "./chips/find.ts";

const MIB = 1024 ** 2;

/** One field that a driver doesn't know fails the whole question, so only such as every driver knows. */
export const NVIDIA_FIELDS = ["uuid", "name", "memory.total", "memory.used", "utilization.gpu", "temperature.gpu"];

/** Exit code 6 in words: a driver without a card. */
export const NO_CARDS = "No devices were found";

/** One line per card in the order of the fields; memory in MiB. A line that is no card is a message: the driver is in trouble. */
export function parseNvidiaSmi(csv: string): Gpu[] {
	const lines = csv.split("\n").map((line) => line.trim());
	const cards = lines.filter((line) => line !== "" && line !== NO_CARDS).map(parseCard);
	// A Jetson's own graphics say nothing here; its kernel files do.
	return cards.filter(({ name }) => !name.endsWith("(nvgpu)"));
}

function parseCard(line: string): Gpu {
	const cells = line.split(", ");
	const [id, name] = cells;
	if (id === undefined || name === undefined || cells.length !== NVIDIA_FIELDS.length) throw new Error(`nvidia-smi: ${line.slice(0, 120)}`);
	const [totalMib, usedMib, busyPercent, celsius] = cells.slice(2).map(numberOf);
	const unified = sharesMemory(name);
	return {
		id,
		name,
		vendor: "nvidia",
		unified,
		...(unified || totalMib === undefined ? {} : { memory_total_bytes: totalMib * MIB }),
		...(unified || usedMib === undefined ? {} : { memory_used_bytes: usedMib * MIB }),
		...(busyPercent === undefined ? {} : { utilization_ratio: Math.min(1, busyPercent / 100) }),
		...(celsius === undefined ? {} : { temperature_celsius: celsius }),
	};
}

/** GB10 tells no memory, N1X one that is far too small: what counts is the machine's. */
function sharesMemory(name: string): boolean {
	return findGpu(name)?.unified === true || /\bN1X?\b/.test(name);
}

/** `[N/A]`, `[Not Supported]`, `[Insufficient Permissions]` and their like are unknown. */
function numberOf(cell: string): number | undefined {
	return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}
