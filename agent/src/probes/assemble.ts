/** One report out of what the probes have read; pure but for the machine's bare facts, which stand where no probe has answered. */
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { bareMachineReport } from "../machine-report.ts";
import type { MachineReport } from "../machine-report.ts";
import { bandwidthOf, findGpu, findProcessor } from "./chips/find.ts";
import type { Reading } from "./probe.ts";

type Platform = MachineReport["platform"];

export function assemble(readings: readonly Reading[], failures: NonNullable<MachineReport["failed_probes"]>): MachineReport {
	const bare = bareMachineReport("");
	const report: MachineReport = { ...bare, failed_probes: failures };
	const gpus: Gpu[] = [];
	for (const { cpu, gpus: cards, ...rest } of readings) {
		Object.assign(report, rest);
		report.cpu = { ...report.cpu, ...cpu };
		gpus.push(...(cards ?? []));
	}
	return { ...report, gpus, platform: platformOf(report, gpus) };
}

/** Models run on the graphics card where there is one of its own memory, else on the processor's chip. */
function platformOf({ platform, memory }: MachineReport, gpus: readonly Gpu[]): Platform {
	const card = gpus.find(({ unified }) => !unified);
	const { os, arch, chip: processor } = platform;
	const chip = card?.name ?? sharedChip(processor, gpus);
	const gbps = card === undefined ? sharedBandwidth(platform, memory.total_bytes, gpus) : cardBandwidth(card, memory.total_bytes);
	return {
		os,
		arch,
		...(chip === undefined ? {} : { chip }),
		...(gbps === undefined ? {} : { memory_bandwidth_gbps: gbps }),
	};
}

/** The name of an ARM core says less than the name of the graphics beside it. */
function sharedChip(processor: string | undefined, gpus: readonly Gpu[]): string | undefined {
	if (processor !== undefined && findProcessor(processor) !== undefined) return processor;
	return gpus.find(({ name }) => findGpu(name) !== undefined)?.name ?? processor ?? gpus[0]?.name;
}

function cardBandwidth({ name }: Gpu, memoryBytes: number): number | undefined {
	const found = findGpu(name);
	return found === undefined ? undefined : bandwidthOf(found, memoryBytes);
}

/** Of the machine's own memory: by its modules where they are known, else by what its processor or its graphics could do. */
function sharedBandwidth(
	{ chip, memory_bandwidth_gbps: byModules }: Platform,
	memoryBytes: number,
	gpus: readonly Gpu[],
): number | undefined {
	if (byModules !== undefined) return byModules;
	const found = chip === undefined ? undefined : findProcessor(chip);
	if (found !== undefined) return bandwidthOf(found, memoryBytes);
	return gpus.map((gpu) => cardBandwidth(gpu, memoryBytes)).find((gbps) => gbps !== undefined);
}
