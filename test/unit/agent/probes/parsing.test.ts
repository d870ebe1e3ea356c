import { describe, it } from "vitest";
import { amdCard } from "../../../../agent/src/probes/amd.ts";
import { appleCard } from "../../../../agent/src/probes/apple-gpu.ts";
import { assemble } from "../../../../agent/src/probes/assemble.ts";
import { batteryOf } from "../../../../agent/src/probes/battery-linux.ts";
import { parsePmsetBatt } from "../../../../agent/src/probes/battery-macos.ts";
import { parseWin32Battery } from "../../../../agent/src/probes/battery-windows.ts";
import { ancestors, inactiveFileBytes, parseCgroupPath, tightest } from "../../../../agent/src/probes/cgroup.ts";
import { bandwidthOf, findGpu, findProcessor } from "../../../../agent/src/probes/chips/find.ts";
import { busyRatio, sumTimes } from "../../../../agent/src/probes/cpu.ts";
import { physicalCores } from "../../../../agent/src/probes/inventory.ts";
import { parseMeminfo, withinLimit } from "../../../../agent/src/probes/memory-linux.ts";
import { parsePressureLevel, parseVmStat } from "../../../../agent/src/probes/memory-macos.ts";
import { parseNvidiaSmi } from "../../../../agent/src/probes/nvidia-csv.ts";
import { parseLspci } from "../../../../agent/src/probes/pci-card.ts";
import { parseStall, pressureOf } from "../../../../agent/src/probes/pressure.ts";
import { isProcessorZone } from "../../../../agent/src/probes/thermal-linux.ts";
import { parsePressureLevel as parseThermalLevel, parseTherm } from "../../../../agent/src/probes/thermal-macos.ts";
import { thermalOf } from "../../../../agent/src/probes/thermal.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe("processor", () => {
	it("takes load from the difference of two readings", ({ expect }) => {
		const core = (busy: number, idle: number) => ({ times: { user: busy, nice: 0, sys: 0, irq: 0, idle } });
		const before = sumTimes([core(100, 900), core(0, 1000)]);
		expect(busyRatio(before, sumTimes([core(150, 950), core(50, 1050)]))).toBe(0.5);
		expect(busyRatio(before, before)).toBeUndefined();
		expect(busyRatio(before, sumTimes([core(150, 950)]))).toBeUndefined();
	});

	it("counts physical cores over sockets and threads", ({ expect }) => {
		const block = (socket: number, core: number) => `processor\t: 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;
		expect(physicalCores([block(0, 0), block(0, 0), block(0, 1), block(1, 0)].join("\n"))).toBe(3);
		expect(physicalCores("processor\t: 0\nBogoMIPS\t: 108.00\n")).toBeUndefined();
	});
});

describe("memory", () => {
	it("reads Linux's own figure of what is available", ({ expect }) => {
		const meminfo = "MemTotal:       24684084 kB\nMemFree:         8012345 kB\nMemAvailable:   24196648 kB\nBuffers:          101 kB\n";
		expect(parseMeminfo(meminfo)).toEqual({ totalBytes: 24_684_084 * 1024, availableBytes: 24_196_648 * 1024 });
		expect(() => parseMeminfo("MemTotal: 1 kB\n")).toThrow("MemAvailable");
	});

	it("is cut down to a container's limit, by the tightest group on the way up", ({ expect }) => {
		expect(parseCgroupPath("0::/system.slice/agent.service\n")).toBe("/system.slice/agent.service");
		expect(parseCgroupPath("12:memory:/docker/x\n1:name=systemd:/\n")).toBeUndefined();
		expect(ancestors("/a/b")).toEqual(["/a/b", "/a", "/"]);
		expect(inactiveFileBytes("anon 5\ninactive_file 4096\nactive_file 7\n")).toBe(4096);
		const limit = tightest([
			{ limitBytes: 8 * GIB, usedBytes: GIB },
			{ limitBytes: 4 * GIB, usedBytes: GIB },
		]);
		const machine = { totalBytes: 32 * GIB, availableBytes: 20 * GIB };
		expect(withinLimit(machine, limit)).toEqual({ totalBytes: 4 * GIB, availableBytes: 3 * GIB });
		expect(withinLimit(machine, { limitBytes: 2 ** 63, usedBytes: 0 })).toBe(machine);
	});

	it("calls pressure by stalls where the kernel tells them, by bytes where not", ({ expect }) => {
		const psi = "some avg10=1.20 avg60=0.35 avg300=0.10 total=918273\nfull avg10=0.50 avg60=0.00 avg300=0.00 total=1\n";
		expect(parseStall(psi)).toEqual({ someRatio: 0.012, fullRatio: 0.005 });
		expect(parseStall("")).toBeUndefined();
		expect(pressureOf(0.5, { someRatio: 0.01, fullRatio: 0 })).toBe("normal");
		expect(pressureOf(0.5, { someRatio: 0.3, fullRatio: 0 })).toBe("warn");
		expect(pressureOf(0.5, { someRatio: 0.3, fullRatio: 0.2 })).toBe("critical");
		expect(pressureOf(0.01, { someRatio: 0, fullRatio: 0 })).toBe("critical");
		expect([0.5, 0.1, 0.04].map((ratio) => pressureOf(ratio, undefined))).toEqual(["normal", "warn", "critical"]);
	});

	it("reads a Mac's pages as Activity Monitor counts them, and the kernel's level", ({ expect }) => {
		const vmStat = [
			"Mach Virtual Memory Statistics: (page size of 16384 bytes)",
			"Pages free:                               12345.",
			"Pages wired down:                        210334.",
			"Pages purgeable:                          10000.",
			'"Translation faults":                 905221789.',
			"Anonymous pages:                         300000.",
			"Pages stored in compressor:              900000.",
			"Pages occupied by compressor:             50000.",
		].join("\n");
		expect(parseVmStat(vmStat)).toBe((300_000 - 10_000 + 210_334 + 50_000) * 16_384);
		expect(() => parseVmStat("nonsense")).toThrow("unexpected");
		expect(["1\n", "2\n", "4\n", ""].map(parsePressureLevel)).toEqual(["normal", "warn", "critical", "unknown"]);
	});
});

describe("NVIDIA", () => {
	it("reads one card a line", ({ expect }) => {
		const csv = "GPU-1b2c, NVIDIA GeForce RTX 4070, 12282, 9120, 41, 63\nGPU-1b2d, NVIDIA GeForce RTX 3060, 12288, 0, 0, 35\n";
		expect(parseNvidiaSmi(csv)).toEqual([
			{
				id: "GPU-1b2c",
				name: "NVIDIA GeForce RTX 4070",
				vendor: "nvidia",
				unified: false,
				memory_total_bytes: 12_282 * MIB,
				memory_used_bytes: 9_120 * MIB,
				utilization_ratio: 0.41,
				temperature_celsius: 63,
			},
			expect.objectContaining({ memory_used_bytes: 0, utilization_ratio: 0 }),
		]);
	});

	it("leaves out what the driver does not tell, and knows chips that share the machine's memory", ({ expect }) => {
		expect(parseNvidiaSmi("GPU-9, NVIDIA GB10, [N/A], [N/A], 3, 41\n")).toEqual([
			{ id: "GPU-9", name: "NVIDIA GB10", vendor: "nvidia", unified: true, utilization_ratio: 0.03, temperature_celsius: 41 },
		]);
		const [card] = parseNvidiaSmi("GPU-9, NVIDIA A100-SXM4-80GB, [Insufficient Permissions], [N/A], [N/A], 41\n");
		expect(card).toMatchObject({ unified: false });
		expect(card).not.toHaveProperty("memory_total_bytes");
	});

	it("takes a message for what it is", ({ expect }) => {
		expect(parseNvidiaSmi("No devices were found\n")).toEqual([]);
		expect(() => parseNvidiaSmi("Unable to determine the device handle for GPU0000:01:00.0: Unknown Error\n")).toThrow(
			"Unable to determine",
		);
	});
});

describe("AMD", () => {
	const facts = {
		id: "0000:03:00.0",
		name: "Radeon RX 7900 XTX",
		vram: { totalBytes: 24 * GIB, usedBytes: GIB },
		gtt: { totalBytes: 32 * GIB, usedBytes: 2 * GIB },
		hasNorthBridge: false,
		busyPercent: 12,
		milliCelsius: 55_000,
	};

	it("counts a card's own memory only", ({ expect }) => {
		expect(amdCard(facts)).toEqual({
			id: "0000:03:00.0",
			name: "Radeon RX 7900 XTX",
			vendor: "amd",
			unified: false,
			memory_total_bytes: 24 * GIB,
			memory_used_bytes: GIB,
			utilization_ratio: 0.12,
			temperature_celsius: 55,
		});
	});

	it("adds the machine's share for a processor with graphics, whose load is not to be trusted", ({ expect }) => {
		const card = amdCard({ ...facts, hasNorthBridge: true, vram: { totalBytes: GIB, usedBytes: 0 } });
		expect(card).toMatchObject({ unified: true, memory_total_bytes: 33 * GIB, memory_used_bytes: 2 * GIB });
		expect(card).not.toHaveProperty("utilization_ratio");
	});

	it("takes the card's name out of lspci's", ({ expect }) => {
		const line =
			'03:00.0 "VGA compatible controller" "Advanced Micro Devices, Inc. [AMD/ATI]" "Navi 31 [Radeon RX 7900 XTX]" -rc8 "Sapphire" "x"';
		expect(parseLspci(line)).toBe("Radeon RX 7900 XTX");
		expect(parseLspci("")).toBeUndefined();
	});
});

describe("Apple", () => {
	const registry = [
		"+-o AGXAcceleratorG15P  <class AGXAcceleratorG15P, id 0x100000abc>",
		'    "PerformanceStatistics" = {"Alloc system memory"=2310537216,"Device Utilization %"=28,"In use system memory (driver)"=0,"In use system memory"=640155648}',
	].join("\n");

	it("reads load and memory from the registry", ({ expect }) => {
		expect(appleCard({ name: "Apple M3", registry, limitMib: 0, memoryBytes: 24 * GIB, metalBytes: undefined })).toEqual({
			id: "apple-0",
			name: "Apple M3",
			vendor: "apple",
			unified: true,
			memory_total_bytes: 16 * GIB,
			memory_used_bytes: 640_155_648,
			utilization_ratio: 0.28,
		});
	});

	it("obeys the limit that a person has set", ({ expect }) => {
		expect(appleCard({ name: "Apple M3", registry: "", limitMib: 20_000, memoryBytes: 24 * GIB, metalBytes: undefined })).toMatchObject({
			memory_total_bytes: 20_000 * MIB,
		});
	});

	it("takes a Mac's word on heat: a note that nothing was recorded means cool", ({ expect }) => {
		const cool = "Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n";
		expect([cool, "CPU_Speed_Limit \t= 80\n", "CPU_Speed_Limit \t= 40\n", ""].map(parseTherm)).toEqual([
			"nominal",
			"warning",
			"critical",
			"unknown",
		]);
		const levels = ["0", "1", "2", "3"].map((level) => parseThermalLevel(`com.apple.system.thermalpressurelevel ${level}\n`));
		expect(levels).toEqual(["nominal", "nominal", "warning", "critical"]);
		expect(parseThermalLevel("")).toBeUndefined();
	});
});

describe("heat and power", () => {
	it("goes by the hottest sensor that can be true", ({ expect }) => {
		expect(thermalOf([])).toEqual({ state: "unknown" });
		expect(thermalOf([-273, 45, 62])).toEqual({ state: "nominal", temperature_celsius: 62 });
		expect(thermalOf([88])).toMatchObject({ state: "warning" });
		expect(thermalOf([99])).toMatchObject({ state: "critical" });
		expect(["x86_pkg_temp", "cpu-thermal", "iwlwifi_1", "BAT0"].map(isProcessorZone)).toEqual([true, true, false, false]);
	});

	it("knows on each system whether a machine runs on its battery, and that a desktop has none", ({ expect }) => {
		const supply = { type: "Battery", scope: undefined, status: "Discharging", capacityPercent: "87" };
		const mouse = { ...supply, scope: "Device" };
		expect(batteryOf([mouse, supply])).toEqual({ battery: { on_battery: true, charge_ratio: 0.87 } });
		expect(batteryOf([{ ...supply, status: "Full", capacityPercent: undefined }])).toEqual({ battery: { on_battery: false } });
		expect(batteryOf([mouse])).toBeUndefined();

		const pmset = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4325475)\t87%; discharging; 3:10 remaining present: true\n";
		expect(parsePmsetBatt(pmset)).toEqual({ battery: { on_battery: true, charge_ratio: 0.87 } });
		expect(parsePmsetBatt("Now drawing from 'AC Power'\n")).toBeUndefined();

		expect(parseWin32Battery('{"EstimatedChargeRemaining":5,"BatteryStatus":4}\r\n')).toEqual({
			battery: { on_battery: true, charge_ratio: 0.05 },
		});
		expect(parseWin32Battery('[{"EstimatedChargeRemaining":50,"BatteryStatus":1}]')).toEqual({
			battery: { on_battery: true, charge_ratio: 0.5 },
		});
		expect(parseWin32Battery("")).toBeUndefined();
	});
});

describe("chips", () => {
	it("finds the most particular name first", ({ expect }) => {
		expect(findGpu("NVIDIA GeForce RTX 4080 SUPER")?.gbps).toBe(736);
		expect(findGpu("NVIDIA GeForce RTX 4090 Laptop GPU")?.gbps).toBe(576);
		expect(findProcessor("AMD Ryzen 7 7840HS w/ Radeon 780M Graphics")?.gbps).toBe(90);
		expect(findProcessor("AMD A10-9700 RADEON R7")).toBeUndefined();
	});

	it("tells chips of one name apart by the machine's memory", ({ expect }) => {
		const chip = findProcessor("Apple M3 Max");
		expect(chip && [bandwidthOf(chip, 36 * GIB), bandwidthOf(chip, 64 * GIB), bandwidthOf(chip, 40 * GIB)]).toEqual([300, 400, 400]);
	});
});

describe("the whole report", () => {
	const processor = { platform: { os: "linux", arch: "x64", chip: "AMD Ryzen 9 7950X" }, cpu: { cores_physical: 16 } };
	const card = { id: "1", name: "NVIDIA GeForce RTX 3090", vendor: "nvidia" as const, unified: false };

	it("names the chip which models run on", ({ expect }) => {
		expect(assemble([processor], []).platform).toMatchObject({ chip: "AMD Ryzen 9 7950X", memory_bandwidth_gbps: 83.2 });
		expect(assemble([processor, { gpus: [card] }], []).platform).toMatchObject({ chip: card.name, memory_bandwidth_gbps: 936.2 });
	});

	it("joins what several probes know", ({ expect }) => {
		const failure = { probe: "amd", reason: "not allowed" };
		const report = assemble(
			[processor, { cpu: { utilization_ratio: 0.5 } }, { gpus: [card] }, { gpus: [{ ...card, id: "2" }] }],
			[failure],
		);
		expect(report.cpu).toEqual({ cores_physical: 16, utilization_ratio: 0.5 });
		expect(report.gpus?.map(({ id }) => id)).toEqual(["1", "2"]);
		expect(report.failed_probes).toEqual([failure]);
		expect(report.memory.total_bytes).toBeGreaterThan(0);
	});
});
