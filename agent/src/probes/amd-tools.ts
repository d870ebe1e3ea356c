/** AMD's own programs, for drivers whose files do not tell a card's memory. */
import * as z from "zod";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { isNotInstalled } from "../command.ts";
import type { Host } from "./host.ts";

const MIB = 1024 ** 2;

/** The newer program first; `undefined` where neither is installed. */
export async function readAmdTools(host: Host): Promise<Gpu[] | undefined> {
	const ask = (program: string, ...args: string[]) =>
		host.run(program, [...args, "--json"]).catch((error: unknown) => {
			if (isNotInstalled(error)) return undefined;
			throw error;
		});
	const metric = await ask("amd-smi", "metric");
	if (metric !== undefined) return parseAmdSmi(metric);
	const shown = await ask("rocm-smi", "--showuse", "--showmeminfo", "vram", "--showtemp", "--showproductname");
	return shown === undefined ? undefined : parseRocmSmi(shown);
}

/** `{value, unit}` or `"N/A"`. */
const Measure = z.object({ value: z.number() }).transform(({ value }) => value);
const known = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const MetricSchema = z.object({
	gpu: z.number(),
	usage: known(z.object({ gfx_activity: known(Measure) })),
	temperature: known(z.object({ edge: known(Measure), hotspot: known(Measure) })),
	mem_usage: known(z.object({ total_vram: known(Measure), used_vram: known(Measure) })),
});
const MetricsSchema = z.union([
	z.array(MetricSchema),
	z.object({ gpu_data: z.array(MetricSchema) }).transform(({ gpu_data: list }) => list),
]);

/** `amd-smi metric --json`: a list, in newer versions inside an object. What it calls MB is MiB. */
export function parseAmdSmi(text: string): Gpu[] {
	return MetricsSchema.parse(jsonIn(text)).map(({ gpu, usage, temperature, mem_usage: memory }) =>
		toGpu({
			id: `amd-${gpu}`,
			name: "AMD graphics",
			totalBytes: scaled(memory?.total_vram, MIB),
			usedBytes: scaled(memory?.used_vram, MIB),
			busyPercent: usage?.gfx_activity,
			celsius: temperature?.edge ?? temperature?.hotspot,
		}),
	);
}

const CardsSchema = z.record(z.string(), z.record(z.string(), z.string()).catch({}));

/** `rocm-smi … --json`: an object per card, all values strings. */
export function parseRocmSmi(text: string): Gpu[] {
	const cards = Object.entries(CardsSchema.parse(jsonIn(text))).filter(([id]) => id.startsWith("card"));
	return cards.map(([id, values]) => {
		const at = (key: string) => (values[key] === undefined || values[key] === "N/A" ? undefined : Number(values[key]));
		return toGpu({
			id: `amd-${id}`,
			name: values["Card Series"] ?? values["Card series"] ?? "AMD graphics",
			totalBytes: at("VRAM Total Memory (B)"),
			usedBytes: at("VRAM Total Used Memory (B)"),
			busyPercent: at("GPU use (%)"),
			celsius: at("Temperature (Sensor edge) (C)"),
		});
	});
}

interface Facts {
	id: string;
	name: string;
	totalBytes: number | undefined;
	usedBytes: number | undefined;
	busyPercent: number | undefined;
	celsius: number | undefined;
}

function toGpu({ id, name, totalBytes, usedBytes, busyPercent, celsius }: Facts): Gpu {
	return {
		id,
		name,
		vendor: "amd",
		unified: false,
		...(totalBytes === undefined ? {} : { memory_total_bytes: totalBytes }),
		...(usedBytes === undefined ? {} : { memory_used_bytes: usedBytes }),
		...(busyPercent === undefined ? {} : { utilization_ratio: Math.min(1, busyPercent / 100) }),
		...(celsius === undefined ? {} : { temperature_celsius: celsius }),
	};
}

function scaled(value: number | undefined, unit: number): number | undefined {
	return value === undefined ? undefined : value * unit;
}

/** Warnings may stand before it. */
function jsonIn(text: string): unknown {
	return JSON.parse(text.slice(Math.max(0, text.search(/[[{]/))));
}
