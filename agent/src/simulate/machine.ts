/** What the probes of a simulated machine would read: true to what the simulation holds and does. */
import type { ExternalCounter } from "../external/count.ts";
import type { MachineReport } from "../machine-report.ts";
import type { MachineProfile } from "./profiles.ts";
import type { Snapshot } from "./snapshot.ts";

/** The screen and the windows on it, on a card of one's own. */
const DESKTOP_GPU_BYTES = 0.9e9;
/** Below these shares of free memory the system complains. */
const WARN_RATIO = 0.12;
const CRITICAL_RATIO = 0.04;
const SYSTEM_DISK_RATIO = 0.2;
const BUSY_RATIO = 0.97;
const IDLE_RATIO = 0.02;

/** The machine part of a heartbeat. */
export function machineReport(profile: MachineProfile, simulated: { snapshot(): Snapshot }): MachineReport {
	const now = simulated.snapshot();
	const busy = now.resident.some(({ busySlots }) => busySlots > 0);
	const temperature = temperatureOf(profile, now);
	return {
		platform: { os: profile.os, arch: profile.arch, chip: profile.chip, memory_bandwidth_gbps: profile.memoryBandwidthGbps },
		cpu: { cores_physical: profile.coresPhysical, utilization_ratio: cpuRatio(profile, busy, now.loading !== undefined) },
		memory: memoryOf(profile, now),
		gpus: gpusOf(profile, now, { busy, temperature }),
		thermal: { state: now.thermalSlowdown > 1 ? "warning" : "nominal", temperature_celsius: temperature },
		disk: {
			path: profile.os === "win32" ? "C:\\Users\\owner\\.ollama\\models" : "/var/lib/ollama/models",
			total_bytes: profile.diskBytes,
			available_bytes: Math.max(0, profile.diskBytes * (1 - SYSTEM_DISK_RATIO) - now.installedBytes),
		},
		...(profile.battery && { battery: { charge_ratio: 1, on_battery: false } }),
		failed_probes: [],
	};
}

/** Requests here that the agent's door does not know: the simulation sees ids where a real machine shows connections only. */
export function simulatedCounter(simulated: { snapshot(): Snapshot }): ExternalCounter {
	return async ({ inFlight }) => simulated.snapshot().requestIds.filter((id) => id === undefined || !inFlight.includes(id)).length;
}

function cpuRatio({ gpu }: MachineProfile, busy: boolean, loading: boolean): number {
	if (!gpu && busy) return BUSY_RATIO;
	return busy || loading ? 0.14 : 0.04;
}

function memoryOf(profile: MachineProfile, { resident }: Snapshot): MachineReport["memory"] {
	const separate = profile.gpu !== undefined && !profile.gpu.unified;
	const models = resident.reduce((sum, { sizeBytes, gpuBytes }) => sum + (separate ? sizeBytes - gpuBytes : sizeBytes), 0);
	const used = Math.min(profile.ramBytes, profile.ramBaselineBytes + models);
	const available = profile.ramBytes - used;
	const free = available / profile.ramBytes;
	const pressure = free < CRITICAL_RATIO ? "critical" : free < WARN_RATIO ? "warn" : "normal";
	return { total_bytes: profile.ramBytes, used_bytes: used, available_bytes: available, pressure };
}

function gpusOf(
	{ gpu }: MachineProfile,
	{ resident }: Snapshot,
	{ busy, temperature }: { busy: boolean; temperature: number },
): MachineReport["gpus"] {
	if (!gpu) return [];
	const held = resident.reduce((sum, { gpuBytes }) => sum + gpuBytes, gpu.unified ? 0 : DESKTOP_GPU_BYTES);
	return [
		{
			id: "0",
			name: gpu.name,
			vendor: gpu.vendor,
			unified: gpu.unified,
			memory_total_bytes: gpu.memoryTotalBytes,
			memory_used_bytes: Math.min(gpu.memoryTotalBytes, held),
			utilization_ratio: busy ? BUSY_RATIO : IDLE_RATIO,
			temperature_celsius: temperature,
		},
	];
}

function temperatureOf({ temperatureCelsius: { idle, busy } }: MachineProfile, { heatRatio, thermalSlowdown }: Snapshot): number {
	const top = thermalSlowdown > 1 ? busy + 12 : busy;
	return Math.round((idle + (top - idle) * heatRatio) * 10) / 10;
}
