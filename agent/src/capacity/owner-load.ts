/** How much of a machine its owner uses, the fleet's own work not counted. Pure. */
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { MachineReport } from "../machine-report.ts";

/** Somebody who touched keyboard or mouse within this time is there. */
const PRESENT_WITHIN_MS = 300_000;
/** Who is there needs part of the machine though it may rest this moment: enough to leave models a quarter of the memory. */
const PRESENT_LOAD = 0.6;

export interface Seen {
	machine: Pick<MachineReport, "cpu" | "gpus" | "memory">;
	ollama: Pick<OllamaReport, "models_loaded">;
	/** The fleet works here, or did so a moment ago: load can't be told apart from the owner's. */
	hasOwnWork: boolean;
	/** Since the last input; undefined where that can't be read. */
	idleMs: number | undefined;
}

export interface OwnerLoad {
	isPresent: boolean;
	/** Of processor and graphics, the busier one, 0 to 1; undefined while own work hides it. */
	measured?: number;
	/** With the owner's presence; undefined when nothing is known. */
	load?: number;
	/** Share of the machine's memory beside the models. */
	memory: number;
}

export function ownerLoad(seen: Seen): OwnerLoad {
	const isPresent = seen.idleMs !== undefined && seen.idleMs < PRESENT_WITHIN_MS;
	const measured = seen.hasOwnWork ? undefined : busiest(seen.machine);
	const known = [
		...(measured === undefined ? [] : [measured]),
		...(isPresent ? [PRESENT_LOAD] : []),
		...(seen.idleMs === undefined ? [] : [0]),
	];
	return {
		isPresent,
		...(measured !== undefined && { measured }),
		...(known.length > 0 && { load: Math.max(...known) }),
		memory: othersMemory(seen),
	};
}

function busiest({ cpu, gpus }: Seen["machine"]): number | undefined {
	const loads = [cpu.utilization_ratio, ...(gpus ?? []).map(({ utilization_ratio: ratio }) => ratio)].filter((load) => load !== undefined);
	return loads.length > 0 ? Math.max(...loads) : undefined;
}

/** Models on graphics cards of their own memory take none of the machine's. */
function othersMemory({ machine: { memory, gpus }, ollama }: Seen): number {
	const hasOwnCard = (gpus ?? []).some(({ unified }) => !unified);
	const models = ollama.models_loaded.reduce((sum, { size, size_vram: onCard = 0 }) => sum + (hasOwnCard ? size - onCard : size), 0);
	return memory.total_bytes > 0 ? Math.min(1, Math.max(0, (memory.used_bytes - models) / memory.total_bytes)) : 0;
}
