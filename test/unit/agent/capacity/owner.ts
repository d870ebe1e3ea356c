/** A machine with an owner, minute by minute, as the learner sees it. */
import type { Observed } from "../../../../agent/src/capacity/learner.ts";

export const GB = 1e9;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Monday 5 January 2026, 0:00 UTC. */
export const MONDAY = Date.UTC(2026, 0, 5);

export interface OwnerFacts {
	cpu?: number;
	gpu?: number;
	isThere?: boolean;
	ownWork?: boolean;
	battery?: boolean;
	usedGb?: number;
	models?: number[];
	cardGb?: number;
}

/** Idle, nobody there, 64 GB with a quarter used, but for what is said. */
export function seen(facts: OwnerFacts = {}): Observed {
	const { cpu = 0.02, gpu = 0, isThere = false, ownWork = false, battery = false, usedGb = 16, models = [], cardGb } = facts;
	const card = { vendor: "nvidia", unified: false, memory_total_bytes: (cardGb ?? 0) * GB } as const;
	const shared = { vendor: "apple", unified: true } as const;
	return {
		machine: {
			cpu: { utilization_ratio: cpu },
			gpus: [{ id: "0", name: "GPU", utilization_ratio: gpu, ...(cardGb === undefined ? shared : card) }],
			memory: { total_bytes: 64 * GB, used_bytes: usedGb * GB, available_bytes: (64 - usedGb) * GB, pressure: "normal" },
			battery: { on_battery: battery },
		},
		ollama: { models_loaded: models.map((size, index) => ({ name: `m${index}`, size: size * GB })) },
		hasOwnWork: ownWork,
		idleMs: isThere ? 5_000 : 2 * HOUR,
	};
}

/** The same draws for the same seed, from 0 to 1. */
export function draws(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return state / 2 ** 32;
	};
}
