/** The seven published signals and their weights. Pure. */
import type { Candidate } from "./candidate.ts";
import type { Signal, SignalContext } from "./signal.ts";
import { availabilityTrend } from "./signals/availability-trend.ts";
import { contextFit } from "./signals/context-fit.ts";
import { memoryFit } from "./signals/memory-fit.ts";
import { queueDepth } from "./signals/queue-depth.ts";
import { roleAffinity } from "./signals/role-affinity.ts";
import { thermal } from "./signals/thermal.ts";
import { waitTime } from "./signals/wait-time.ts";

/** The whole scoring policy: what is rated, and how many points a full rating is worth. Keys are those of the trace. */
export const POLICY = {
	thermal: { rate: thermal, weight: 50 },
	memory_fit: { rate: memoryFit, weight: 20 },
	queue_depth: { rate: queueDepth, weight: -30 },
	wait_time: { rate: waitTime, weight: -25 },
	role_affinity: { rate: roleAffinity, weight: 15 },
	availability_trend: { rate: availabilityTrend, weight: 10 },
	context_fit: { rate: contextFit, weight: 15 },
} satisfies Record<string, { rate: Signal; weight: number }>;

/** Points by signal, and their `total`. */
export type Breakdown = Record<keyof typeof POLICY | "total", number>;

export function score(candidate: Candidate, context: SignalContext): Breakdown {
	const breakdown: Record<string, number> = {};
	let total = 0;
	for (const [name, { rate, weight }] of Object.entries(POLICY)) {
		const points = round(rate(candidate, context) * weight);
		breakdown[name] = points;
		total += points;
	}
	return { ...breakdown, total: round(total) } as Breakdown;
}

/** Hundredths are plenty for a person; also turns -0 into 0. */
function round(points: number): number {
	return Math.round(points * 100) / 100 + 0;
}
