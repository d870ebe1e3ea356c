import { describe, it } from "vitest";
import { batteryOf } from "../../../../agent/src/probes/battery-linux.ts";
import { parsePmsetBatt } from "../../../../agent/src/probes/battery-macos.ts";
import { parseWin32Battery } from "../../../../agent/src/probes/battery-windows.ts";
import { ancestors, inactiveFileBytes, parseCgroupPath, tightest } from "../../../../agent/src/probes/cgroup.ts";
import { busyRatio, sumTimes } from "../../../../agent/src/probes/cpu.ts";
import { physicalCores } from "../../../../agent/src/probes/inventory.ts";
import { parseMeminfo, withinLimit } from "../../../../agent/src/probes/memory-linux.ts";
import { parsePressureLevel, parseVmStat } from "../../../../agent/src/probes/memory-macos.ts";
import { parseStall, pressureOf } from "../../../../agent/src/probes/pressure.ts";
import { isProcessorZone } from "../../../../agent/src/probes/thermal-linux.ts";
import { parseThrottled } from "../../../../agent/src/probes/thermal-throttle.ts";
import { thermalOf } from "../../../../agent/src/probes/thermal.ts";

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

describe("holding back", () => {
	it("is told by what a Raspberry Pi says of now, not of since its start", ({ expect }) => {
		const states = ["0x0", "0x20000", "0x50005", "0x20002", "0x8", "0x1"].map((bits) => parseThrottled(`throttled=${bits}\n`));
		expect(states).toEqual(["nominal", "nominal", "warning", "warning", "warning", "nominal"]);
		expect(parseThrottled("VCHI initialization failed\n")).toBeUndefined();
	});
});
