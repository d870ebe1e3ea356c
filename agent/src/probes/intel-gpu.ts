import { join } from "node:path";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { namesIn, numberIn } from "./files.ts";
import type { Host } from "./host.ts";
import { isAsleep, nameOf, pciCards, sensorsOf } from "./pci-card.ts";
import type { PciCard } from "./pci-card.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const INTEL_PCI_VENDOR = "0x8086";
const MILLI = 1_000;

/**
 * Intel's cards, from the files of the drivers xe and i915. What is used of their memory and how busy they are takes rights
 * that an agent does not have, and asked without them Intel's own tools answer nonsense. Processors' graphics have no memory
 * of their own, and Ollama leaves them alone.
 */
export const intelGpu: Probe = {
	name: "intel-gpu",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read(host, last) {
		const cards = await pciCards(host, INTEL_PCI_VENDOR);
		const gpus = (await Promise.all(cards.map((card) => readCard(host, card, last?.gpus ?? [])))).filter((gpu) => gpu !== undefined);
		return gpus.length === 0 ? undefined : { gpus };
	},
};

async function readCard(host: Host, card: PciCard, known: readonly Gpu[]): Promise<Gpu | undefined> {
	const totalBytes = await memoryOf(card);
	if (totalBytes === undefined) return undefined;
	const name = known.find(({ id }) => id === card.id)?.name ?? (await nameOf(host, card, "Intel"));
	const milliCelsius = (await isAsleep(card)) ? undefined : await temperatureOf(card);
	return {
		id: card.id,
		name,
		vendor: "intel",
		unified: false,
		memory_total_bytes: totalBytes,
		...(milliCelsius === undefined ? {} : { temperature_celsius: milliCelsius / MILLI }),
	};
}

/** xe tells it for each tile, i915 for the card. */
async function memoryOf({ folder, device }: PciCard): Promise<number | undefined> {
	const tiles = (await namesIn(device)).filter((name) => /^tile\d+$/.test(name));
	const sizes = await Promise.all([
		...tiles.map((tile) => numberIn(join(device, tile, "physical_vram_size_bytes"))),
		numberIn(join(folder, "lmem_total_bytes")),
	]);
	const known = sizes.filter((size) => size !== undefined);
	return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0);
}

/** The hottest of the card's own. */
async function temperatureOf(card: PciCard): Promise<number | undefined> {
	const readings = await Promise.all(
		(await sensorsOf(card)).map(async (sensor) => {
			const inputs = (await namesIn(sensor)).filter((name) => /^temp\d+_input$/.test(name));
			return Promise.all(inputs.map((input) => numberIn(join(sensor, input))));
		}),
	);
	const known = readings.flat().filter((reading) => reading !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}
