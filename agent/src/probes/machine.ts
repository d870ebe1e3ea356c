import { amd } from "./amd.ts";
import { appleGpu } from "./apple-gpu.ts";
import { assemble } from "./assemble.ts";
import { linuxBattery } from "./battery-linux.ts";
import { macosBattery } from "./battery-macos.ts";
import { windowsBattery } from "./battery-windows.ts";
import { cpuProbe } from "./cpu.ts";
import { disk } from "./disk.ts";
import { inventory } from "./inventory.ts";
import { linuxMemory } from "./memory-linux.ts";
import { macosMemory } from "./memory-macos.ts";
import { windowsMemory } from "./memory-windows.ts";
import { nvidia } from "./nvidia.ts";
import type { Probe } from "./probe.ts";
import { ProbeRunner } from "./runner.ts";
import { linuxThermal } from "./thermal-linux.ts";
import { macosThermal } from "./thermal-macos.ts";
import type { MachineReport } from "../machine-report.ts";

/** Every source of telemetry there is. Where two know the same thing, the later one counts. */
const PROBES: readonly Probe[] = [
	inventory,
	cpuProbe(),
	linuxMemory,
	macosMemory,
	windowsMemory,
	nvidia,
	amd,
	appleGpu,
	linuxThermal,
	macosThermal,
	disk,
	linuxBattery,
	macosBattery,
	windowsBattery,
];

/** How long a report waits for slow probes; below the beat's own patience, so that one hanging probe costs nobody else's value. */
const PATIENCE_MS = 600;

/** Reads this machine. */
export const readMachine: () => Promise<MachineReport> = machineReader(PROBES, {
	platform: process.platform,
	now: () => performance.now(),
});

/** A report is what is known when all due probes have answered or patience ends. */
export function machineReader(
	probes: readonly Probe[],
	{ platform, now }: { platform: NodeJS.Platform; now: () => number },
): () => Promise<MachineReport> {
	const runners = probes.filter(({ platforms }) => platforms.includes(platform)).map((probe) => new ProbeRunner(probe, now));
	return async () => {
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, PATIENCE_MS);
		});
		await Promise.race([Promise.all(runners.map((runner) => runner.refresh())), patience]);
		clearTimeout(timer);
		return assemble(
			runners.flatMap(({ reading }) => reading ?? []),
			runners.flatMap(({ failure }) => failure ?? []),
		);
	};
}
