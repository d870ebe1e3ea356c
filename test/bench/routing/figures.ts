/** The study's columns for one run. Pure; seconds. */
import type { FleetNode } from "./catalogue/fleets.ts";
import type { Arrival } from "./engine/policy.ts";
import type { Fate, Plan, Run } from "./engine/simulate.ts";
import { serviceS } from "./offered-load.ts";
import { sharedWithBefore } from "./workload/session.ts";

/** A first token within this is good. */
const GOOD_S = 2;
/** Nobody minds a slowdown of less. */
const SHORTEST_SOLO_S = 0.3;

export interface Figures {
	readonly ttft50: number;
	readonly ttft95: number;
	readonly ttft99: number;
	readonly done50: number;
	readonly done95: number;
	readonly batch95: number;
	readonly slowdown: number;
	readonly loads: number;
	readonly evictions: number;
	readonly rereadThousands: number;
	readonly goodPercent: number;
	readonly jain: number;
	readonly longestWait: number;
	readonly unfinished: number;
	readonly requests: number;
	/** The worst model's p95 first token over that of all. */
	readonly worstModelRatio: number;
}

export function figuresOf(plan: Plan, run: Run, warmUpRatio: number): Figures {
	const counted = run.fates.filter(({ arrival }) => arrival.arrivedAt >= warmUpRatio * plan.untilS);
	const people = counted.filter(({ arrival }) => arrival.session.requestClass !== "batch");
	const batch = counted.filter(({ arrival }) => arrival.session.requestClass === "batch");
	const since = (moment: number | undefined, { arrival }: Fate) => (moment ?? run.giveUpAt) - arrival.arrivedAt;
	const ttft = people.map((fate) => since(fate.firstTokenAt, fate));
	const done = people.map((fate) => since(fate.doneAt, fate));
	const slowdowns = people.map((fate) => since(fate.doneAt, fate) / soloS(plan.nodes, fate.arrival));
	const ttft95 = at(ttft, 0.95);
	return {
		ttft50: at(ttft, 0.5),
		ttft95,
		ttft99: at(ttft, 0.99),
		done50: at(done, 0.5),
		done95: at(done, 0.95),
		batch95: at(
			batch.map((fate) => since(fate.doneAt, fate)),
			0.95,
		),
		slowdown: mean(slowdowns),
		loads: run.loads,
		evictions: run.evictions,
		rereadThousands: counted.reduce((sum, { rereadTokens }) => sum + rereadTokens, 0) / 1000,
		goodPercent: (100 * ttft.filter((seconds) => seconds <= GOOD_S).length) / Math.max(1, ttft.length),
		jain: jainIndex(meansBy(people, (fate) => fate.arrival.session.key, slowdowns)),
		longestWait: Math.max(0, ...counted.map((fate) => since(fate.startedAt, fate))),
		unfinished: run.fates.filter(({ doneAt }) => doneAt === undefined).length,
		requests: run.fates.length,
		worstModelRatio: worstModel(people, ttft) / ttft95,
	};
}

/** The best that the fleet could do for the request: in memory, to itself, all that was read before in the cache. */
function soloS(nodes: readonly FleetNode[], { session, turn, promptTokens, outputTokens }: Arrival): number {
	const cachedTokens = Math.max(session.system.tokens, sharedWithBefore(session, turn));
	const best = Math.min(...nodes.map((node) => serviceS(node, { session, promptTokens, outputTokens, cachedTokens })));
	return Math.max(SHORTEST_SOLO_S, best);
}

function worstModel(people: readonly Fate[], ttft: readonly number[]): number {
	const byModel = new Map<string, number[]>();
	people.forEach((fate, index) => {
		const name = fate.arrival.session.model.name;
		byModel.set(name, [...(byModel.get(name) ?? []), ttft[index] ?? 0]);
	});
	return Math.max(0, ...[...byModel.values()].map((values) => at(values, 0.95)));
}

function meansBy(people: readonly Fate[], keyOf: (fate: Fate) => string, values: readonly number[]): number[] {
	const sums = new Map<string, { sum: number; count: number }>();
	people.forEach((fate, index) => {
		const key = keyOf(fate);
		const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
		sums.set(key, { sum: sum + (values[index] ?? 0), count: count + 1 });
	});
	return [...sums.values()].map(({ sum, count }) => sum / count);
}

/** 1: all keys fare alike. */
function jainIndex(values: readonly number[]): number {
	const sum = values.reduce((total, value) => total + value, 0);
	const squares = values.reduce((total, value) => total + value * value, 0);
	return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}

function at(values: readonly number[], share: number): number {
	const sorted = Float64Array.from(values).sort();
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** 0 without values. */
export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
