/** A model in a simulated machine's memory. */
import type { MachineSpec } from "../catalogue/machines.ts";
import type { ModelSpec } from "../catalogue/models.ts";
import type { Job } from "./job.ts";
import { PromptMemory } from "./prompt-memory.ts";

/** Beside a prefill of the same runner, a decode runs at this part of its speed, and the prefill at that. */
const DECODE_BESIDE_PREFILL = 0.35;
const PREFILL_BESIDE_DECODE = 0.8;

export interface Runner {
	readonly model: ModelSpec;
	readonly bytes: number;
	readonly gpuShare: number;
	readonly places: number;
	readonly active: Job[];
	/** Waiting for a place, in order. */
	readonly queue: Job[];
	readonly memory: PromptMemory;
	/** Infinity: forever, until the next request says otherwise. */
	keepAliveS: number;
	idleSince: number;
	/** Goes as soon as nobody uses it: another model needs its room. */
	isLeaving: boolean;
}

export function newRunner(model: ModelSpec, facts: Pick<Runner, "bytes" | "gpuShare" | "places" | "keepAliveS" | "idleSince">): Runner {
	return { ...facts, model, active: [], queue: [], memory: new PromptMemory(model.kvBytesPerToken, facts.places), isLeaving: false };
}

export function isUsed({ active, queue }: Runner): boolean {
	return active.length + queue.length > 0;
}

/** Speed of one of the runner's jobs, 1 being a machine to itself. `runners`: those at work on the machine. */
export function speedOf({ phase }: Job, { active, model }: Runner, machine: MachineSpec, runners: number): number {
	const decoding = active.filter((job) => job.phase === "decode").length;
	const reading = active.length - decoding;
	if (phase === "prefill") return (decoding > 0 ? PREFILL_BESIDE_DECODE : 1) / reading / runners;
	const exponent = model.isMixture ? machine.batchExponent.mixture : machine.batchExponent.dense;
	return (decoding ** (exponent - 1) * (reading > 0 ? DECODE_BESIDE_PREFILL : 1)) / runners;
}
