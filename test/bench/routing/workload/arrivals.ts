/** When sessions start. */
import type { Draws } from "../draws.ts";

export interface Arrivals {
	readonly perHour: number;
	readonly untilS: number;
	/** Three times as many in the first fifth of each quarter of an hour, half as many in the rest. */
	readonly bursts?: boolean;
}

const BURST = { everyS: 900, lastsS: 180, factor: 3, otherwise: 0.5 };

export function arrivalTimes(draws: Draws, { perHour, untilS, bursts = false }: Arrivals): number[] {
	const peak = (perHour / 3600) * (bursts ? BURST.factor : 1);
	const times: number[] = [];
	for (let at = draws.exponential(1 / peak); at < untilS; at += draws.exponential(1 / peak)) {
		if (!bursts || draws.unit() < burstFactor(at) / BURST.factor) times.push(at);
	}
	return times;
}

function burstFactor(at: number): number {
	return at % BURST.everyS < BURST.lastsS ? BURST.factor : BURST.otherwise;
}
