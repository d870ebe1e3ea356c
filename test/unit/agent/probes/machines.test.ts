import { afterEach, describe, it } from "vitest";
import { allProbes, machineReader } from "../../../../agent/src/probes/machine.ts";
import type { MachineReport } from "../../../../agent/src/machine-report.ts";
import { HeartbeatSchema } from "../../../../worker/protocol/heartbeat.ts";
import { fakeMachine } from "./fake-machine.ts";
import type { FakeMachine, Fixture } from "./fake-machine.ts";
import { JETSON_ORIN, RASPBERRY_PI } from "./machines/boards.ts";
import { DGX_SPARK, LINUX_AMD, LINUX_BARE, LINUX_INTEL, LINUX_NVIDIA, STRIX_HALO, WSL } from "./machines/linux.ts";
import { INTEL_MAC, MACBOOK } from "./machines/macos.ts";
import { WINDOWS_AMD, WINDOWS_LAPTOP } from "./machines/windows.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const PARTS = {
	platform: true,
	cpu: true,
	memory: true,
	gpus: true,
	thermal: true,
	disk: true,
	battery: true,
	failed_probes: true,
} as const;

const machines: FakeMachine[] = [];
afterEach(async () => {
	for (const machine of machines.splice(0)) await machine.remove();
});

async function begin(fixture: Fixture) {
	const machine = await fakeMachine(fixture);
	machines.push(machine);
	const read = machineReader(allProbes(), machine);
	/** Slow machines need a second look: programs that are started may take longer than a beat waits. */
	const readAll = async (): Promise<MachineReport> => {
		await read();
		return read();
	};
	return { machine, read, readAll };
}

describe("a machine is told as it is:", () => {
	it.for<[string, Fixture, object, string[]]>([
		[
			"Linux with NVIDIA",
			LINUX_NVIDIA,
			{
				platform: { os: "linux", chip: "NVIDIA GeForce RTX 4070", memory_bandwidth_gbps: 504 },
				cpu: { cores_physical: 8 },
				memory: { total_bytes: 32_722_012 * 1024, available_bytes: 24_612_344 * 1024, pressure: "normal" },
				gpus: [{ vendor: "nvidia", unified: false, memory_total_bytes: 12_282 * MIB, utilization_ratio: 0.41, temperature_celsius: 63 }],
				thermal: { state: "nominal", temperature_celsius: 48.875 },
			},
			["battery"],
		],
		[
			"Linux with AMD",
			LINUX_AMD,
			{
				platform: { chip: "Radeon RX 7900 XTX", memory_bandwidth_gbps: 960 },
				gpus: [{ id: "0000:03:00.0", vendor: "amd", memory_total_bytes: 25_753_026_560, memory_used_bytes: 904_921_088 }],
			},
			[],
		],
		[
			"a processor whose graphics share its memory",
			STRIX_HALO,
			{
				platform: { chip: "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", memory_bandwidth_gbps: 256 },
				gpus: [{ unified: true, memory_total_bytes: 68_719_476_736 + 33_564_129_280 }],
			},
			["gpus[0].utilization_ratio"],
		],
		[
			"Linux with Intel",
			LINUX_INTEL,
			{
				platform: { chip: "Intel Arc B580 Graphics", memory_bandwidth_gbps: 456 },
				gpus: [{ vendor: "intel", memory_total_bytes: 12 * GIB, temperature_celsius: 52 }],
			},
			["gpus[0].memory_used_bytes", "gpus[0].utilization_ratio"],
		],
		[
			"a container without anything",
			LINUX_BARE,
			{
				memory: { total_bytes: 4 * GIB, available_bytes: 2 * GIB, pressure: "normal" },
				gpus: [],
				thermal: { state: "unknown" },
			},
			["battery"],
		],
		["Windows' Linux", WSL, { gpus: [{ name: "NVIDIA GeForce RTX 3090" }], thermal: { state: "unknown" } }, ["battery"]],
		[
			"GB10",
			DGX_SPARK,
			{
				platform: { chip: "NVIDIA GB10", memory_bandwidth_gbps: 273 },
				gpus: [{ unified: true, utilization_ratio: 0.03 }],
			},
			["gpus[0].memory_total_bytes"],
		],
		[
			"a Raspberry Pi",
			RASPBERRY_PI,
			{
				platform: { chip: "Raspberry Pi 5 Model B Rev 1.0", memory_bandwidth_gbps: 17.1 },
				cpu: { cores_physical: 4 },
				thermal: { state: "warning", temperature_celsius: 82.35 },
				gpus: [],
			},
			["battery"],
		],
		[
			"a Jetson",
			JETSON_ORIN,
			{
				platform: { memory_bandwidth_gbps: 204.8 },
				gpus: [{ vendor: "nvidia", unified: true, utilization_ratio: 0.374, temperature_celsius: 52.125 }],
				thermal: { state: "nominal", temperature_celsius: 49.25 },
			},
			["gpus[0].memory_total_bytes"],
		],
		[
			"a MacBook on its battery",
			MACBOOK,
			{
				platform: { chip: "Apple M3", memory_bandwidth_gbps: 100 },
				cpu: { cores_physical: 8 },
				memory: { total_bytes: 24 * GIB, used_bytes: (600_000 - 10_000 + 210_334 + 250_000) * 16_384, pressure: "normal" },
				gpus: [{ unified: true, memory_total_bytes: Math.round(17.8 * GIB), memory_used_bytes: 640_155_648, utilization_ratio: 0.28 }],
				thermal: { state: "nominal" },
				battery: { on_battery: true, charge_ratio: 0.87 },
			},
			["thermal.temperature_celsius"],
		],
		[
			"an Intel Mac",
			INTEL_MAC,
			{ memory: { pressure: "warn" }, gpus: [], thermal: { state: "warning" }, cpu: { cores_physical: 6 } },
			["battery"],
		],
		[
			"Windows with AMD",
			WINDOWS_AMD,
			{
				platform: { chip: "AMD Radeon RX 7800 XT", memory_bandwidth_gbps: 624 },
				memory: { total_bytes: 34_070_523_904, available_bytes: 20 * GIB, pressure: "normal" },
				gpus: [{ vendor: "amd", memory_total_bytes: 17_095_983_104, memory_used_bytes: 5 * GIB, utilization_ratio: 0.82 }],
				thermal: { state: "nominal", temperature_celsius: 331 - 273.15 },
			},
			["battery"],
		],
		[
			"a Windows laptop",
			WINDOWS_LAPTOP,
			{
				memory: { pressure: "warn" },
				gpus: [{ vendor: "nvidia", temperature_celsius: 47 }],
				thermal: { state: "warning" },
				battery: { on_battery: true, charge_ratio: 0.09 },
			},
			[],
		],
	])("%s", async ([, fixture, expected, absent], { expect }) => {
		const { readAll } = await begin(fixture);
		const report = await readAll();
		expect(report).toMatchObject(expected);
		for (const path of absent) expect(report).not.toHaveProperty(path);
		expect(report.failed_probes).toEqual([]);
		HeartbeatSchema.pick(PARTS).parse(report);
	});
});
