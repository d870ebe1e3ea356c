import * as z from "zod";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { jsonList } from "./json-list.ts";
import type { Probe } from "./probe.ts";

/** The counters are summed over all programs that use a card, which takes Windows a while. */
const EVERY_MS = 15_000;
/** Processors' graphics are given less of the machine's memory to keep; Ollama leaves them alone. */
const LEAST_OWN_BYTES = 1024 ** 3;
/** NVIDIA's own program knows its cards better. */
const VENDORS: Record<number, Gpu["vendor"]> = { 0x1002: "amd", 0x8086: "intel" };

const ADAPTERS =
	"Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\DirectX\\*' -ErrorAction SilentlyContinue" +
	" | Select-Object AdapterLuid,Description,VendorId,DedicatedVideoMemory | ConvertTo-Json -Compress";
const MEMORY =
	"Get-CimInstance Win32_PerfFormattedData_GPUPerformanceCounters_GPUAdapterMemory" +
	" | Select-Object Name,DedicatedUsage | ConvertTo-Json -Compress";
const ENGINES =
	"Get-CimInstance Win32_PerfFormattedData_GPUPerformanceCounters_GPUEngine -Filter 'UtilizationPercentage > 0'" +
	" | Select-Object Name,UtilizationPercentage | ConvertTo-Json -Compress";

/** Cards of AMD and Intel on Windows, where their makers' programs are seldom installed. */
export const windowsGpu: Probe = {
	name: "gpu",
	platforms: ["win32"],
	everyMs: EVERY_MS,
	limitMs: 20_000,
	async read(host) {
		const adapters = parseAdapters(await host.powershell(ADAPTERS));
		if (adapters.length === 0) return undefined;
		const [memory, engines] = await Promise.all([host.powershell(MEMORY), host.powershell(ENGINES)]);
		const gpus = windowsGpus({ adapters, memory, engines });
		return gpus.length === 0 ? undefined : { gpus };
	},
};

const AdapterSchema = z.object({
	AdapterLuid: z.number(),
	Description: z.string(),
	VendorId: z.number(),
	DedicatedVideoMemory: z.number(),
});
type Adapter = z.infer<typeof AdapterSchema>;

/** The registry keeps adapters of earlier starts as well; those have numbers that no counter bears. */
export function parseAdapters(text: string): Adapter[] {
	const adapters = jsonList(text).flatMap((entry) => AdapterSchema.safeParse(entry).data ?? []);
	return adapters.filter(({ VendorId: vendor, DedicatedVideoMemory: bytes }) => VENDORS[vendor] !== undefined && bytes >= LEAST_OWN_BYTES);
}

const MemorySchema = z.object({ Name: z.string(), DedicatedUsage: z.number() });
const EngineSchema = z.object({ Name: z.string(), UtilizationPercentage: z.number() });

export interface WindowsGpuFacts {
	adapters: readonly Adapter[];
	/** What the counters gave, as JSON. */
	memory: string;
	engines: string;
}

export function windowsGpus({ adapters, memory, engines }: WindowsGpuFacts): Gpu[] {
	const usages = jsonList(memory).flatMap((entry) => MemorySchema.safeParse(entry).data ?? []);
	const loads = jsonList(engines).flatMap((entry) => EngineSchema.safeParse(entry).data ?? []);
	return adapters.flatMap(({ AdapterLuid: luid, Description: name, VendorId: vendor, DedicatedVideoMemory: totalBytes }) => {
		const mine = ({ Name: counter }: { Name: string }) => counter.toLowerCase().includes(counterPart(luid));
		const usage = usages.find(mine);
		if (usage === undefined) return [];
		const busyPercent = busiest(loads.filter(mine));
		return {
			id: counterPart(luid),
			name,
			vendor: VENDORS[vendor] ?? "other",
			unified: false,
			memory_total_bytes: totalBytes,
			memory_used_bytes: usage.DedicatedUsage,
			utilization_ratio: Math.min(1, busyPercent / 100),
		};
	});
}

/** `luid_0x00000000_0x0000d0a1`: the high half of the number, then the low one. */
function counterPart(luid: number): string {
	return `luid_${hexadecimal(luid / 2 ** 32)}_${hexadecimal(luid % 2 ** 32)}`;
}

function hexadecimal(value: number): string {
	return `0x${Math.trunc(value).toString(16).padStart(8, "0")}`;
}

/** All programs together at the busiest of the card's engines: models run on those for computing. */
function busiest(loads: readonly z.infer<typeof EngineSchema>[]): number {
	const byEngine = new Map<string, number>();
	for (const { Name: name, UtilizationPercentage: percent } of loads) {
		const engine = /_eng_\d+/.exec(name)?.[0] ?? name;
		byEngine.set(engine, (byEngine.get(engine) ?? 0) + percent);
	}
	return Math.max(0, ...byEngine.values());
}
