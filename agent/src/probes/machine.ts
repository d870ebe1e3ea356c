import { toldModelsFolder } from "../ollama/models-folder.ts";
import type { MachineReport } from "../machine-report.ts";
import { amd } from "./amd.ts";
import { appleGpuProbe } from "./apple-gpu.ts";
import { assemble } from "./assemble.ts";
import { linuxBattery } from "./battery-linux.ts";
import { macosBattery } from "./battery-macos.ts";
import { windowsBattery } from "./battery-windows.ts";
import { cpuProbe } from "./cpu.ts";
import { diskProbe } from "./disk.ts";
import { windowsGpu } from "./gpu-windows.ts";
import { thisMachine } from "./host.ts";
import type { Host } from "./host.ts";
import { intelGpu } from "./intel-gpu.ts";
import { inventory } from "./inventory.ts";
import { jetson } from "./jetson.ts";
import { linuxMemory } from "./memory-linux.ts";
import { macosMemory } from "./memory-macos.ts";
import { windowsMemory } from "./memory-windows.ts";
import { nvidiaProbe } from "./nvidia.ts";
import type { Probe } from "./probe.ts";
import { ProbeRunner } from "./runner.ts";
import { linuxThermalProbe } from "./thermal-linux.ts";
import { macosThermal } from "./thermal-macos.ts";
import { windowsThermal } from "./thermal-windows.ts";

/** Every source of telemetry there is, made anew. Where two know the same thing, the later one counts. */
export const allProbes = (): readonly Probe[] => [
	inventory,
	cpuProbe(),
	linuxMemory,
	macosMemory,
	windowsMemory,
	nvidiaProbe(),
	jetson,
	amd,
	intelGpu,
	appleGpuProbe(),
	windowsGpu,
	linuxThermalProbe(),
	macosThermal,
	windowsThermal,
	diskProbe(toldModelsFolder),
	linuxBattery,
	macosBattery,
	windowsBattery,
];

/** How long a report waits for slow probes; below the beat's own patience, so that one hanging probe costs nobody else's value. */
const PATIENCE_MS = 600;

/** Reads this machine. */
export const readMachine: () => Promise<MachineReport> = machineReader(allProbes(), thisMachine);

/** A report is what is known when all due probes have answered or patience ends. */
export function machineReader(probes: readonly Probe[], host: Host): () => Promise<MachineReport> {
	const runners = probes.filter(({ platforms }) => platforms.includes(host.platform)).map((probe) => new ProbeRunner(probe, host));
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
