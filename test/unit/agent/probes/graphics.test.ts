import { describe, it } from "vitest";
import { amdCard } from "../../../../agent/src/probes/amd.ts";
import { parseAmdSmi, parseRocmSmi } from "../../../../agent/src/probes/amd-tools.ts";
import { appleCard } from "../../../../agent/src/probes/apple-gpu.ts";
import { parseNvidiaSmi } from "../../../../agent/src/probes/nvidia-csv.ts";
import { parseLspci } from "../../../../agent/src/probes/pci-card.ts";
import { parsePressureLevel as parseThermalLevel, parseTherm } from "../../../../agent/src/probes/thermal-macos.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

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

describe("AMD's own programs", () => {
	it.for<[string, string]>([
		["older", '[{"gpu":0,"usage":{"gfx_activity":{"value":12,"unit":"%"}},"mem_usage":{"total_vram":{"value":24560,"unit":"MB"}}}]'],
		[
			"newer",
			'{"gpu_data":[{"gpu":0,"usage":{"gfx_activity":{"value":12,"unit":"%"}},"temperature":{"edge":"N/A"},"mem_usage":{"total_vram":{"value":24560,"unit":"MB"}}}]}',
		],
	])("amd-smi in its %s form", ([, text], { expect }) => {
		expect(parseAmdSmi(text)).toEqual([
			{ id: "amd-0", name: "AMD graphics", vendor: "amd", unified: false, memory_total_bytes: 24_560 * MIB, utilization_ratio: 0.12 },
		]);
	});

	it("rocm-smi, whose values are all strings, behind a warning", ({ expect }) => {
		const card = '{"GPU use (%)":"12","VRAM Total Memory (B)":"12868124672","VRAM Total Used Memory (B)":"904921088","Card Series":"N/A"}';
		const [gpu] = parseRocmSmi(`WARNING: AMD GPU device(s) is/are in a low-power state\n{"card0":${card},"system":{}}`);
		expect(gpu).toMatchObject({ memory_total_bytes: 12_868_124_672, memory_used_bytes: 904_921_088, utilization_ratio: 0.12 });
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
