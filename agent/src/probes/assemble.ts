/** One report out of what the probes have read; pure but for the machine's bare facts, which stand where no probe has answered. */
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { bareMachineReport } from "../machine-report.ts";
import type { MachineReport } from "../machine-report.ts";
import { bandwidthOf, findGpu, findProcessor } from "./chips/find.ts";
import type { Reading } from "./probe.ts";

export function assemble(readings: readonly Reading[], failures: NonNullable<MachineReport["failed_probes"]>): MachineReport {
	const bare = bareMachineReport("");
	const report: MachineReport = { ...bare, failed_probes: failures };
	const gpus: Gpu[] = [];
	for (const { cpu, gpus: cards, ...rest } of readings) {
		Object.assign(report, rest);
		report.cpu = { ...report.cpu, ...cpu };
		gpus.push(...(cards ?? []));
	}
	return { ...report, gpus, platform: { ...report.platform, ...chipOf(report, gpus) } };
}

/** Models run on the graphics card where there is one of its own memory, else on the processor's chip. */
function chipOf({ platform, memory }: MachineReport, gpus: readonly Gpu[]): { chip?: string; memory_bandwidth_gbps?: number } {
	const card = gpus.find(({ unified }) => !unified);
	const processor = platform.chip;
	const found = card === undefined ? (processor === undefined ? undefined : findProcessor(processor)) : findGpu(card.name);
	const shared = card === undefined && found === undefined ? gpus.flatMap(({ name }) => findGpu(name) ?? [])[0] : undefined;
	const chip = card?.name ?? processor ?? gpus[0]?.name;
	const best = found ?? shared;
	return {
		...(chip === undefined ? {} : { chip }),
		...(best === undefined ? {} : { memory_bandwidth_gbps: bandwidthOf(best, memory.total_bytes) }),
	};
}
