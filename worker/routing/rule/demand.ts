/** How much a model is asked for, and how much work a key got lately: sums that fade. Pure over the state given. */
import type { RequestClass } from "../../protocol/inference.ts";

/** Seconds in which an arrival fades to a third. */
const DEMAND_FADES_S = 600;
const USE_FADES_S = 300;
/** Batch work can wait for a load, so it hardly argues for keeping a model. */
const WEIGHT: Record<RequestClass, number> = { interactive: 1, agent: 1, batch: 0.1 };
/** Keys come from clients, so their number has an end. */
const KEYS_KEPT = 2_000;

export interface Fading {
	readonly sum: number;
	/** Epoch milliseconds at which the sum was right. */
	readonly at: number;
}

export interface Demand {
	/** Arrivals by model. */
	readonly arrivals: Map<string, Fading>;
	/** Seconds of work by key. */
	readonly used: Map<string, Fading>;
}

export function emptyDemand(): Demand {
	return { arrivals: new Map(), used: new Map() };
}

export function noteArrival({ arrivals }: Demand, model: string, requestClass: RequestClass, now: number): void {
	arrivals.set(model, { sum: faded(arrivals.get(model), now, DEMAND_FADES_S) + WEIGHT[requestClass], at: now });
}

export function noteUse({ used }: Demand, key: string, seconds: number, now: number): void {
	const sum = faded(used.get(key), now, USE_FADES_S) + seconds;
	used.delete(key);
	used.set(key, { sum, at: now });
	const [oldest] = used.keys();
	if (used.size > KEYS_KEPT && oldest !== undefined) used.delete(oldest);
}

/** Arrivals per second. */
export function demandFor({ arrivals }: Demand, model: string, now: number): number {
	return faded(arrivals.get(model), now, DEMAND_FADES_S) / DEMAND_FADES_S;
}

export function recentUseS({ used }: Demand, key: string, now: number): number {
	return faded(used.get(key), now, USE_FADES_S);
}

function faded(fading: Fading | undefined, now: number, fadesS: number): number {
	return fading ? fading.sum * Math.exp((fading.at - now) / 1000 / fadesS) : 0;
}
