/** One fault under load: clients before, during and after it, then what all of them saw is held against what must be. */
import { pick, type Random } from "../../../agent/src/simulate/machine/random.ts";
import { until } from "../../journeys/until.ts";
import { type Ask, asks } from "./ask.ts";
import type { Fault, Stage } from "./fault.ts";
import type { Home } from "./home.ts";
import { judge, type Outcome } from "./judge.ts";
import { SHARED_MODELS } from "./machine.ts";
import { compareRows, type Judged, rowsSince } from "./rows.ts";
import { Traffic } from "./traffic.ts";

/** At a time: more than the machines have places. */
const CLIENTS = 10;

export interface StormOptions {
	readonly home: Home;
	/** Begins the tags of its requests. */
	readonly name: string;
	readonly random: Random;
	/** At least so many requests. */
	readonly requests: number;
	readonly crowd: number;
}

export interface StormReport {
	readonly fault: string;
	readonly outcomes: Readonly<Record<Outcome, number>>;
	/** Places, rows and waiting requests that were not given back or not kept. */
	readonly leaks: readonly string[];
	/** Everything else that must never be. */
	readonly problems: readonly string[];
	readonly seconds: number;
}

export async function storm(fault: Fault, options: StormOptions): Promise<StormReport> {
	const { home } = options;
	const startedAt = Date.now();
	const traffic = new Traffic(home.port);
	const complaints: string[] = [];
	await drive(fault, stageOf(options, traffic, complaints), options);
	const judged = traffic.seen.map((seen) => ({ seen, ...judge(seen, fault) }));
	const problems = judged.flatMap(({ seen, problems: found }) => found.map((problem) => `${seen.ask.tag}: ${problem}`));
	const leaks = [...(await notSettled(home)), ...compareRows(judged, await rowsSince(home, startedAt), fault)];
	const seconds = (Date.now() - startedAt) / 1000;
	return { fault: fault.name, outcomes: countOf(judged), leaks, problems: [...complaints, ...problems], seconds };
}

/** A quarter of the requests come before the fault, half while it is there, a quarter after. */
async function drive(fault: Fault, stage: Stage, { home, name, random, requests }: StormOptions): Promise<void> {
	const { traffic } = stage;
	const ownModels = home.machines.map(({ facts }) => facts.ownModel);
	const line = asks(name, random, {
		leavers: 0.12,
		stallers: 0.08,
		models: [...SHARED_MODELS, ...SHARED_MODELS, ...ownModels],
		...fault.load,
	});
	const stop = traffic.flow(line, CLIENTS);
	const begun = async (count: number) => {
		for (let had = traffic.begun; had < count; had = traffic.begun)
			await until(`one more of ${count} requests has begun`, () => traffic.begun > had);
	};
	try {
		await begun(requests / 4);
		await fault.inject(stage);
		await begun(traffic.begun + requests / 2);
		await fault.holds?.(stage);
	} catch (error) {
		stage.complain(explain(error));
	} finally {
		await fault.heal(stage);
		await home.ready();
		await begun(traffic.begun + requests / 4);
		await stop();
	}
}

function explain(error: unknown): string {
	const { message, cause } = error instanceof Error ? error : new Error(String(error));
	return cause === undefined ? message : `${message}: ${String(cause)}`;
}

function stageOf({ home, name, random, crowd }: StormOptions, traffic: Traffic, complaints: string[]): Stage {
	const [first, ...others] = home.machines;
	if (!first) throw new Error("A home without machines");
	const target = pick(random, [first, ...others]);
	let number = 0;
	const usual = { dialect: "ollama", stream: false, requestClass: "interactive", words: 3, tokens: 8, way: "leave" } as const;
	return {
		home,
		target,
		traffic,
		random,
		crowd,
		own: (wish: Partial<Ask> = {}) => ({
			...usual,
			tag: `${name}-own-${number++}`,
			model: target.facts.ownModel,
			afterMs: 2_000,
			stalls: false,
			...wish,
		}),
		complain: (problem) => complaints.push(problem),
	};
}

/** Nothing may be left of a storm, in the router or on the machines. */
async function notSettled(home: Home): Promise<string[]> {
	let left = "";
	const isSettled = async () => {
		const { fleet, queues } = await home.status();
		const taken = Object.entries(queues).filter(([, { pending, in_flight }]) => pending + in_flight > 0);
		const busy = home.machines.filter(({ ollama }) => ollama.snapshot().running.length > 0).map(({ nodeId }) => nodeId);
		left = JSON.stringify({ active: fleet.requests_active, waiting: fleet.requests_waiting, taken, busy });
		return fleet.requests_active + fleet.requests_waiting + taken.length + busy.length === 0;
	};
	return until("nothing is left of the storm", isSettled).then(
		() => [],
		() => [`left behind: ${left}`],
	);
}

function countOf(judged: readonly Judged[]): Record<Outcome, number> {
	const counts = { answered: 0, retried: 0, told: 0, cut: 0, left: 0, hang: 0 };
	for (const { outcome } of judged) counts[outcome]++;
	return counts;
}
