import { describe, it } from "vitest";
import { assemble } from "../../../../agent/src/probes/assemble.ts";
import { bandwidthOf, bandwidthWith, findGpu, findProcessor } from "../../../../agent/src/probes/chips/find.ts";
import { parsePhysicalMemory, parseUdevMemory } from "../../../../agent/src/probes/memory-modules.ts";
import { nominalGib } from "../../../../worker/protocol/nominal-memory.ts";

const GIB = 1024 ** 3;

describe("chips", () => {
	it.for([
		["Apple M5", 153],
		["NVIDIA GeForce RTX 2060", 336],
		["NVIDIA GeForce RTX 5090", 1792],
		["Radeon RX 9070 XT", 640],
		["AMD Instinct MI300X", 5300],
		["AMD Radeon(TM) 8060S Graphics", 256],
		["Intel(R) Arc(TM) A770 Graphics", 560],
		["NVIDIA GB10", 273],
	] as const)("knows %s", ([name, gbps], { expect }) => {
		expect(findGpu(name)?.gbps).toBe(gbps);
	});

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

describe("memory that is built in", () => {
	const udev = [
		"MEMORY_ARRAY_NUM_DEVICES=4",
		"MEMORY_DEVICE_0_SIZE=17179869184",
		"MEMORY_DEVICE_0_DATA_WIDTH=64",
		"MEMORY_DEVICE_0_CONFIGURED_SPEED_MTS=6000",
		"MEMORY_DEVICE_1_PRESENT=0",
		"MEMORY_DEVICE_1_SIZE=17179869184",
	].join("\n");

	it("halves the bandwidth when one of two channels is empty", ({ expect }) => {
		const ryzen = findProcessor("AMD Ryzen 7 7700X 8-Core Processor");
		const modules = parseUdevMemory(udev);
		expect(modules).toEqual({ dataBits: 64, megatransfersPerSecond: 6000 });
		expect(ryzen && modules && bandwidthWith(ryzen, modules)).toBe(48);
		const four = { dataBits: 256, megatransfersPerSecond: 3600 };
		expect(ryzen && bandwidthWith(ryzen, four)).toBe(57.6);
	});

	it("says nothing where it can't be asked, or is soldered to the processor", ({ expect }) => {
		expect(parseUdevMemory("MEMORY_DEVICE_0_SIZE=4294967296\n")).toBeUndefined();
		expect(parsePhysicalMemory("")).toBeUndefined();
		const pi = findProcessor("Raspberry Pi 5 Model B Rev 1.0");
		expect(pi && bandwidthWith(pi, { dataBits: 64, megatransfersPerSecond: 6000 })).toBeUndefined();
	});

	it("is named by what is on the box", ({ expect }) => {
		expect([31.2, 15.4, 62.7, 119.7, 24, 36, 0.9, 40].map((gib) => nominalGib(gib * GIB))).toEqual([32, 16, 64, 128, 24, 36, 1, 40]);
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
