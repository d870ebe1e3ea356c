/** Builders for tests of the rule: nodes with their jobs, requests that wait, and what has been learned. */
import { openPair } from "../../../../worker/routing/estimate/estimates.ts";
import { newKnowledge } from "../../../../worker/routing/rule/knowledge.ts";
import { type Outcome, rulePass } from "../../../../worker/routing/rule/pass.ts";
import { RULE_DEFAULTS, type RuleSettings } from "../../../../worker/routing/rule/settings.ts";
import { type External, indexFleet, type Job, type RuleNode, type Waiting } from "../../../../worker/routing/rule/view.ts";
import { GB, node, type NodeFacts, request } from "../../build-node.ts";

export const NOW = 1_000_000;
export const LLAMA = "llama3.1:8b";
export const QWEN = "qwen2.5:7b";

export interface RuleNodeFacts extends NodeFacts {
	jobs?: readonly Job[];
	external?: External;
	maxLoaded?: number;
	usableGb?: number;
}

export function ruleNode({ jobs = [], external, maxLoaded = 3, usableGb = 50, ...facts }: RuleNodeFacts): RuleNode {
	const view = node({ bandwidthGbps: 400, ...facts });
	for (const { model } of jobs) view.inFlight.set(model, (view.inFlight.get(model) ?? 0) + 1);
	const neededBytes = new Map([...view.installed].map(([model, { size }]) => [model, size + 0.5 * GB] as const));
	return { ...view, jobs, neededBytes, usableBytes: usableGb * GB, maxLoaded, ...(external && { external }) };
}

let jobs = 0;

/** Under way for `elapsedS`, and streaming unless told otherwise. */
export function job({ elapsedS = 1, ...facts }: Partial<Job> & { elapsedS?: number } = {}): Job {
	return {
		requestId: `job-${jobs++}`,
		model: LLAMA,
		requestClass: "interactive",
		isEmbedding: false,
		startedAt: NOW - elapsedS * 1000,
		firstTokenAt: NOW - elapsedS * 1000,
		estimateS: 10,
		expectedTokens: 250,
		...facts,
	};
}

export function waiting(facts: Partial<Parameters<typeof request>[0] & Omit<Waiting, "request">> = {}): Waiting {
	const { model = LLAMA, app = "app", key = "key", since = NOW, marks = [], ...rest } = facts;
	return { request: request({ model, ...rest }), model, app, key, since, marks };
}

/** 100 tokens a second, prompts at 1000, loads in 8 s: the same on every node that has the model. */
export function learned(nodes: readonly RuleNode[], facts: { decode?: number; prefill?: number; loadS?: number } = {}) {
	const knowledge = newKnowledge();
	for (const view of nodes) {
		for (const model of view.installed.keys()) {
			Object.assign(openPair(knowledge.estimates, view.nodeId, model), {
				decodeTokensPerSecond: { value: facts.decode ?? 100, samples: 9 },
				prefillTokensPerSecond: { value: facts.prefill ?? 1000, samples: 9 },
				loadS: { value: facts.loadS ?? 8, samples: 9 },
			});
		}
	}
	return knowledge;
}

export interface PassFacts {
	knowledge?: ReturnType<typeof learned>;
	settings?: Partial<RuleSettings>;
	now?: number;
}

export function pass(nodes: readonly RuleNode[], requests: readonly Waiting[], facts: PassFacts = {}): Outcome[] {
	const knowledge = facts.knowledge ?? learned(nodes);
	const settings = { ...RULE_DEFAULTS, ...facts.settings };
	return rulePass({ index: indexFleet(nodes), waiting: requests, knowledge, settings, now: facts.now ?? NOW });
}

/** Where a single request goes: the node it is sent to, or why it waits. */
export function placeOf(outcome: Outcome | undefined): string {
	if (!outcome) return "nothing";
	return outcome.kind === "assigned" ? outcome.decision.nodeId : outcome.kind === "left" ? outcome.why : "refused";
}
