/** The scenarios of the routing study (section 4): fleet, work, and what goes wrong. */
import { BIG, type FleetNode, GPU8, HOME, TWO } from "./catalogue/fleets.ts";
import * as models from "./catalogue/models.ts";
import { clamp, Draws } from "./draws.ts";
import type { Plan } from "./engine/simulate.ts";
import { single } from "./workload/batches.ts";
import { GPU_AGENTS, HOME_AGENTS, type Mix, mixedSessions } from "./workload/mix.ts";
import type { ExternalJob, Session } from "./workload/session.ts";
import { pastRouter, throughRouter } from "./workload/two.ts";

export interface Scenario {
	readonly name: string;
	/** Requests that arrive in this part of the time are not counted: everything is cold then. */
	readonly warmUpRatio: number;
	plan(seed: number): Plan;
}

const WARM_UP_RATIO = 0.1;

const HOME_MIX: Omit<Mix, "multiplier"> = {
	untilS: 5400,
	chatModels: [
		[models.LLAMA_8B, 0.4],
		[models.GPT_OSS, 0.25],
		[models.QWEN_7B, 0.15],
		[models.QWEN_32B, 0.15],
		[models.LLAMA_70B, 0.05],
	],
	chatsPerHour: 40,
	users: 8,
	agentsPerHour: 5,
	agents: HOME_AGENTS,
	homePerHour: 60,
	summaries: 30,
	embeddings: 300,
};

const GPU_MIX: Omit<Mix, "multiplier"> = {
	...HOME_MIX,
	untilS: 2700,
	chatModels: [
		[models.LLAMA_8B, 0.5],
		[models.GPT_OSS, 0.3],
		[models.QWEN_32B, 0.2],
	],
	agentsPerHour: 4,
	agents: GPU_AGENTS,
	homePerHour: 0,
	embeddings: 0,
};

const POPULARITY = models.MANY_MODELS.map((model, index) => [model, 1 / (1 + ((7 * index) % 20))] as const);
/** The study does not say what its agents run; here the two models with the largest share among those that hold their prompts. */
const BIG_AGENT_MODELS = POPULARITY.filter(([model]) => model.contextTokens > 8192)
	.toSorted((a, b) => b[1] - a[1])
	.slice(0, 2);
const BIG_MIX: Omit<Mix, "multiplier"> = {
	...HOME_MIX,
	untilS: 1350,
	chatModels: POPULARITY,
	chatsPerHour: 400,
	users: 40,
	agentsPerHour: 40,
	agents: BIG_AGENT_MODELS.map(([model], index) => ({
		model,
		weight: index === 0 ? 0.7 : 0.3,
		keys: Array.from({ length: 5 }, (_, agent) => `agent${index * 5 + agent}`),
		isLong: false,
	})),
	homePerHour: 0,
	summaries: 50,
	embeddings: 0,
	summaryModel: BIG_AGENT_MODELS[0]?.[0] ?? models.LLAMA_8B,
};

/**
 * The home multipliers are the study's. Those of gpu8 (its 23.5 and 33.07) and big (7.59) are set so that the offered load is the one
 * the name says: the study leaves details of these two open, and its multipliers gave 62, 88 and 69 % here.
 */
export const SCENARIOS: readonly Scenario[] = [
	mixed("home30", HOME, { ...HOME_MIX, multiplier: 2.84 }),
	mixed("home60", HOME, { ...HOME_MIX, multiplier: 5.41 }),
	mixed("homeBurst60", HOME, { ...HOME_MIX, multiplier: 5.24, bursts: true }),
	mixed("home85", HOME, { ...HOME_MIX, multiplier: 7.58 }),
	mixed("gpu8-60", GPU8, { ...GPU_MIX, multiplier: 22.8 }),
	mixed("gpu8-85", GPU8, { ...GPU_MIX, multiplier: 31.8 }),
	mixed("big60", BIG, { ...BIG_MIX, multiplier: 6.6 }),
	mixed("death", HOME, { ...HOME_MIX, multiplier: 4.35 }, ({ untilS }) => ({
		death: { nodeId: "4090", offAt: 0.35 * untilS, onAt: 0.6 * untilS },
	})),
	{ ...mixed("cold", HOME, { ...HOME_MIX, multiplier: 5.41, untilS: 1200, summaries: 0, embeddings: 0 }), warmUpRatio: 0 },
	mixed("external", HOME, { ...HOME_MIX, multiplier: 4.35 }, ({ untilS, seed }) => ({ external: externalWork(seed, untilS) })),
	special("two", throughRouter),
	special("twoExt", pastRouter),
];

function mixed(
	name: string,
	nodes: readonly FleetNode[],
	mix: Mix,
	besides: (facts: { untilS: number; seed: number }) => Partial<Plan> = () => ({}),
): Scenario {
	const { untilS } = mix;
	const plan = (seed: number) => ({ ...basic(nodes, seed), untilS, sessions: mixedSessions(seed, mix), ...besides({ untilS, seed }) });
	return { name, warmUpRatio: WARM_UP_RATIO, plan };
}

function special(name: string, make: (draws: Draws) => { sessions: Session[]; external?: ExternalJob[]; untilS: number }): Scenario {
	return { name, warmUpRatio: 0, plan: (seed) => ({ ...basic(TWO, seed), ...make(new Draws(seed)) }) };
}

function basic(nodes: readonly FleetNode[], seed: number) {
	return { nodes, seed, parallel: 1, external: [] };
}

/** Somebody uses the graphics card past the router. */
function externalWork(seed: number, untilS: number): ExternalJob[] {
	const draws = new Draws(seed + 100_003);
	const jobs: ExternalJob[] = [];
	for (let at = draws.exponential(14); at < untilS; at += draws.exponential(14)) {
		const model = draws.unit() < 0.6 ? models.LLAMA_8B : models.GPT_OSS;
		const promptTokens = Math.round(draws.uniform(500, 4000));
		const outputTokens = Math.round(clamp(draws.lognormal(700, 0.6), 50, 3000));
		const id = `outside-${jobs.length}`;
		const session = single({
			id,
			key: "outside",
			app: "outside",
			model,
			requestClass: "interactive",
			startAt: at,
			promptTokens,
			outputTokens,
		});
		jobs.push({ nodeId: "4090", at, session });
	}
	return jobs;
}
