import { arch, freemem, platform, totalmem } from "node:os";
import type { HeartbeatInput } from "../../worker/protocol/heartbeat.ts";

/** The part of a heartbeat which the probes of the machine fill. */
export type MachineReport = Pick<HeartbeatInput, "platform" | "cpu" | "memory" | "gpus" | "thermal" | "disk" | "battery" | "failed_probes">;

/** What Node knows without asking anybody: reported until the probes have answered once. */
export function bareMachineReport(reason: string): MachineReport {
	const totalBytes = totalmem();
	const availableBytes = Math.min(freemem(), totalBytes);
	return {
		platform: { os: platform(), arch: arch() },
		cpu: {},
		memory: { total_bytes: totalBytes, used_bytes: totalBytes - availableBytes, available_bytes: availableBytes, pressure: "unknown" },
		gpus: [],
		thermal: { state: "unknown" },
		failed_probes: [{ probe: "machine", reason }],
	};
}
