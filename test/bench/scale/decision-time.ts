/** How long the shipped rule takes to decide in a large fleet; wall clock, so a report and not a test. */
import { MOST_BOUND } from "../../../worker/fleet/queue.ts";
import { type Knowledge, newKnowledge } from "../../../worker/routing/rule/knowledge.ts";
import { rulePass } from "../../../worker/routing/rule/pass.ts";
import { RULE_DEFAULTS } from "../../../worker/routing/rule/settings.ts";
import { type FleetIndex, indexFleet, type Job, type Waiting } from "../../../worker/routing/rule/view.ts";
import { M3_MAX, M3_ULTRA, MAC_MINI, RTX_4090 } from "../routing/catalogue/machines.ts";
import { GPT_OSS, LLAMA_3B, LLAMA_8B, type ModelSpec, QWEN_7B } from "../routing/catalogue/models.ts";
import { Draws } from "../routing/draws.ts";
import { residentOf } from "../routing/policies/node-view.ts";
import { newRuleNode, take } from "../routing/policies/rule-node.ts";

const NODES = 1000;
const MODELS = 50;
const WAITING = 1000;
const INSTALLED_RATIO = 0.6;
/** As many again go before, to warm up. */
const REPEATS = { one: 200, pass: 15 };
const NOW = 1_000_000;

export interface DecisionTimes {
	/** One request, nothing waiting beside it: the usual case. */
	readonly oneMs: number;
	/** A pass over all that waits, every node full. */
	readonly fullMs: number;
	/** A pass over all that waits with every third node free: the router's, which binds so many at most. */
	readonly bindingMs: number;
	readonly bound: number;
}

/** Medians. */
export function decisionTimes(seed: number): DecisionTimes {
	const models = manyModels();
	const idle = largeFleet(seed, models, () => false);
	const full = largeFleet(seed, models, () => true);
	const partly = largeFleet(seed, models, (node) => node % 3 > 0);
	const waiting = requests(seed, models);
	const [bindingMs, bound] = timed(partly, waiting, REPEATS.pass);
	return { oneMs: timed(idle, waiting.slice(0, 1), REPEATS.one)[0], fullMs: timed(full, waiting, REPEATS.pass)[0], bindingMs, bound };
}

/** Each pass finds nothing noted by the one before, as after a change everywhere. */
function timed(index: FleetIndex, waiting: readonly Waiting[], repeats: number): [medianMs: number, bound: number] {
	const times: number[] = [];
	let bound = 0;
	for (let repeat = 0; repeat < 2 * repeats; repeat++) {
		const knowledge: Knowledge = newKnowledge();
		const startedAt = performance.now();
		const outcomes = rulePass({ index, waiting, knowledge, settings: RULE_DEFAULTS, now: NOW, mostBound: MOST_BOUND });
		if (repeat >= repeats) times.push(performance.now() - startedAt);
		bound = outcomes.filter(({ kind }) => kind === "assigned").length;
	}
	return [times.sort((a, b) => a - b)[Math.floor(repeats / 2)] ?? NaN, bound];
}

function largeFleet(seed: number, models: readonly ModelSpec[], isFull: (node: number) => boolean): FleetIndex {
	const draws = new Draws(seed);
	const machines = [M3_ULTRA, M3_MAX, RTX_4090, MAC_MINI];
	const nodes = Array.from({ length: NODES }, (_, index) => {
		const machine = machines[index % machines.length] ?? M3_MAX;
		const installed = models.filter(() => draws.unit() < INSTALLED_RATIO);
		const node = newRuleNode({ id: `node-${index}`, machine, models: installed }, 1);
		const [loaded, other] = [draws.integer(0, installed.length - 1), draws.integer(0, installed.length - 1)].map((at) => installed[at]);
		for (const model of [loaded, other]) if (model) node.resident.set(model.name, residentOf(model, node.neededBytes.get(model.name) ?? 0));
		if (isFull(index)) for (const model of [loaded, other]) if (model) take(node, job(`${index} ${model.name}`, model.name), NOW - 5000);
		return node;
	});
	return indexFleet(nodes);
}

function job(requestId: string, model: string): Job {
	const rest = { isEmbedding: false, estimateS: 20, expectedTokens: 250, startedAt: NOW - 5000, firstTokenAt: NOW - 3000 };
	return { requestId, model, requestClass: "interactive", ...rest };
}

function requests(seed: number, models: readonly ModelSpec[]): Waiting[] {
	const draws = new Draws(seed + 1);
	return Array.from({ length: WAITING }, (_, index) => {
		const model = models[draws.integer(0, models.length - 1)]?.name ?? "";
		const request = {
			id: `request-${index}`,
			model,
			fallbacks: [],
			path: "/api/chat",
			dialect: "ollama",
			numCtx: undefined,
			tiedToModel: false,
			needsVision: false,
			promptTokens: draws.integer(50, 5000),
			requestClass: "interactive",
			tags: [],
			excluded: [],
			arrivedAt: NOW - index * 20,
			app: "chat",
			client: `key-${index % 20}`,
			marks: [],
		} as const;
		return {
			request,
			model,
			app: "chat",
			key: `key-${index % 20}`,
			since: request.arrivedAt,
			marks: [{ hash: `prompt ${index}`, tokens: 50 }],
		};
	});
}

function manyModels(): ModelSpec[] {
	const kinds = [LLAMA_3B, QWEN_7B, LLAMA_8B, GPT_OSS];
	return Array.from({ length: MODELS }, (_, index) => ({ ...(kinds[index % kinds.length] ?? LLAMA_8B), name: `model-${index}:latest` }));
}
