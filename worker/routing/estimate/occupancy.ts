/** How many requests ran on a node on average while one ran: what its measured speed has to be multiplied with. Pure. */

export interface Occupancy {
	readonly running: number;
	/** Running requests, summed over time. */
	readonly areaMs: number;
	/** Epoch milliseconds up to which that sum goes. */
	readonly at: number;
}

export function idleSince(now: number): Occupancy {
	return { running: 0, areaMs: 0, at: now };
}

/** One more (1) or one less (-1) from `now` on. */
export function changed(occupancy: Occupancy, change: 1 | -1, now: number): Occupancy {
	return { running: Math.max(0, occupancy.running + change), areaMs: areaAt(occupancy, now), at: now };
}

/** Mean number of running requests between the two moments, at least 1: the one that asks was there all the time. */
export function meanSharing(start: Occupancy, end: Occupancy): number {
	const lastedMs = end.at - start.at;
	return lastedMs <= 0 ? Math.max(1, start.running) : Math.max(1, (end.areaMs - start.areaMs) / lastedMs);
}

function areaAt({ running, areaMs, at }: Occupancy, now: number): number {
	return areaMs + running * Math.max(0, now - at);
}
