import { nominalGib } from "../../../../worker/protocol/nominal-memory.ts";
import type { MemoryModules } from "../memory-modules.ts";
import { AMD } from "./amd.ts";
import { APPLE } from "./apple.ts";
import type { Chip } from "./chip.ts";
import { INTEL } from "./intel.ts";
import { NVIDIA } from "./nvidia.ts";
import { PROCESSORS } from "./processors.ts";

const GPUS = [...APPLE, ...NVIDIA, ...AMD, ...INTEL];
/** Short names of graphics cards (`A10`) also occur in processors' names, so only chips that are both are looked for there. */
const CPUS = [...GPUS.filter(({ unified }) => unified === true), ...PROCESSORS];

export function findGpu(name: string): Chip | undefined {
	// Windows writes `Radeon(TM) 8060S`.
	const plain = name.replaceAll(/\((TM|R)\)/g, "");
	return GPUS.find(({ pattern }) => pattern.test(plain));
}

export function findProcessor(name: string): Chip | undefined {
	return CPUS.find(({ pattern }) => pattern.test(name));
}

/** The processor's bandwidth with the modules that are there; `undefined` where its memory can't be chosen. */
export function bandwidthWith({ busBits }: Chip, { dataBits, megatransfersPerSecond }: MemoryModules): number | undefined {
	if (busBits === undefined) return undefined;
	return Math.round((Math.min(busBits, dataBits) / 8) * (megatransfersPerSecond / 100)) / 10;
}

/** The chip's bandwidth in a machine with that much memory. */
export function bandwidthOf(chip: Chip, memoryBytes: number): number {
	const gb = nominalGib(memoryBytes);
	return chip.byMemory?.find((variant) => variant.gb.includes(gb))?.gbps ?? chip.gbps;
}
