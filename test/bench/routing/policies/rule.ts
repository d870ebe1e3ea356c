/** The shipped rule as a policy of the simulation: everything decided by worker/routing, this only keeps what it is told. */
import { LatencyHistory } from "../../../../worker/fleet/latency.ts";
import type { RouteRequest } from "../../../../worker/protocol/inference.ts";
import { emptyEstimates, type Estimates, openPair } from "../../../../worker/routing/estimate/estimates.ts";
import { learn } from "../../../../worker/routing/estimate/learn.ts";
import { meanSharing, type Occupancy } from "../../../../worker/routing/estimate/occupancy.ts";
import { priorRates } from "../../../../worker/routing/estimate/priors.ts";
import { ratesOf } from "../../../../worker/routing/estimate/rates.ts";
import type { Decision } from "../../../../worker/routing/rule/decision.ts";
import { noteArrival, noteUse } from "../../../../worker/routing/rule/demand.ts";
import { type Knowledge, type KnownPrefixes, newKnowledge } from "../../../../worker/routing/rule/knowledge.ts";
import { type Outcome, rulePass } from "../../../../worker/routing/rule/pass.ts";
import { PrefixIndex, rememberedTokens } from "../../../../worker/routing/rule/prefix-index.ts";
import { RULE_DEFAULTS, type RuleSettings } from "../../../../worker/routing/rule/settings.ts";
import { type FleetIndex, indexFleet, type Waiting } from "../../../../worker/routing/rule/view.ts";
import { Draws } from "../draws.ts";
import type { Counters } from "../engine/job.ts";
import type { Arrival, Beat, Policy, PolicyMaker, Shell } from "../engine/policy.ts";
import { marksOf } from "./marks.ts";
import { applyBeat, residentOf } from "./node-view.ts";
import { drop, newRuleNode, seeExternal, type SimRuleNode, streams, take } from "./rule-node.ts";
import { DEFAULT_VERSION } from "./version.ts";

/** Priors are off by so much (sigma), differently for each node. */
const PRIOR_ERROR = 0.35;

interface Sent {
	readonly waiting: Waiting;
	readonly decision: Decision;
	readonly occupancy: Occupancy;
	readonly loadsAlone: boolean;
}

/** What a clairvoyant is told in place of having to learn it. */
export interface Truth {
	readonly estimates: Estimates;
	readonly prefixes: (index: PrefixIndex) => KnownPrefixes;
	/** A name under which the estimates know this very request's answer. */
	readonly appOf: (arrival: Arrival) => string;
	/** Brings what is believed of the nodes up to date. */
	readonly refresh: (nodes: ReadonlyMap<string, SimRuleNode>) => void;
}

export function rule(settings: Partial<RuleSettings> = {}, truthOf?: (shell: Shell) => Truth): PolicyMaker {
	return (shell) => new RulePolicy(shell, { ...RULE_DEFAULTS, ...settings }, truthOf?.(shell));
}

class RulePolicy implements Policy {
	readonly #shell: Shell;
	readonly #settings: RuleSettings;
	readonly #nodes = new Map<string, SimRuleNode>();
	readonly #index: FleetIndex;
	readonly #truth: Truth | undefined;
	readonly #prefixes = new PrefixIndex();
	readonly #knowledge: Knowledge;
	readonly #latencies = new LatencyHistory();
	readonly #waiting = new Map<string, { waiting: Waiting; arrival: Arrival }>();
	readonly #sent = new Map<string, Sent>();

	constructor(shell: Shell, settings: RuleSettings, truth: Truth | undefined) {
		this.#shell = shell;
		this.#settings = settings;
		this.#truth = truth;
		const estimates = truth?.estimates ?? emptyEstimates();
		this.#knowledge = { ...newKnowledge(estimates), prefixes: truth?.prefixes(this.#prefixes) ?? this.#prefixes };
		for (const node of shell.nodes) this.#nodes.set(node.id, newRuleNode(node, shell.parallel));
		this.#index = indexFleet([...this.#nodes.values()]);
		if (!truth) this.#spoilPriors();
	}

	arrived(arrival: Arrival, now: number): void {
		noteArrival(this.#knowledge.demand, arrival.session.model.name, arrival.session.requestClass, now * 1000);
		this.#enqueue(arrival);
		this.#pass(now);
	}

	firstToken({ id, session: { model } }: Arrival, nodeId: string, now: number): void {
		const node = this.#node(nodeId);
		streams(node, id, now * 1000);
		if (node.resident.has(model.name)) return;
		node.resident.set(model.name, residentOf(model, node.neededBytes.get(model.name) ?? 0));
		this.#pass(now);
	}

	finished(arrival: Arrival, nodeId: string, { counters, now }: { counters: Counters; now: number }): void {
		const node = this.#node(nodeId);
		const sent = this.#sent.get(arrival.id);
		drop(node, arrival.id, now * 1000);
		if (sent) this.#learn(arrival, sent, { counters, now, node });
		this.#sent.delete(arrival.id);
		this.#pass(now);
	}

	beat(beat: Beat, now: number): void {
		const node = this.#node(beat.nodeId);
		for (const model of applyBeat(node, beat, now)) this.#prefixes.forget(beat.nodeId, model);
		seeExternal(node, beat.externalJobs, now * 1000);
		this.#pass(now);
	}

	lost(nodeId: string, arrivals: readonly Arrival[], now: number): void {
		const node = this.#node(nodeId);
		node.status = "offline";
		node.resident.clear();
		this.#prefixes.forgetNode(nodeId);
		for (const arrival of arrivals) {
			drop(node, arrival.id, now * 1000);
			this.#sent.delete(arrival.id);
			this.#enqueue(arrival);
		}
		this.#pass(now);
	}

	#enqueue(arrival: Arrival): void {
		const { session } = arrival;
		const waiting = {
			request: requestOf(arrival),
			model: session.model.name,
			app: this.#truth?.appOf(arrival) ?? session.app,
			key: session.key,
			since: arrival.arrivedAt * 1000,
			marks: marksOf(arrival),
		};
		this.#waiting.set(arrival.id, { waiting, arrival });
	}

	#pass(now: number): void {
		if (this.#waiting.size === 0) return;
		this.#truth?.refresh(this.#nodes);
		const waiting = [...this.#waiting.values()].map((entry) => entry.waiting);
		const input = { index: this.#index, waiting, knowledge: this.#knowledge, settings: this.#settings, now: now * 1000 };
		for (const outcome of rulePass(input)) if (outcome.kind === "assigned") this.#send(outcome, now);
	}

	#send({ waiting, decision, job }: Extract<Outcome, { kind: "assigned" }>, now: number): void {
		const { id } = waiting.request;
		const node = this.#node(decision.nodeId);
		const arrival = this.#waiting.get(id)?.arrival;
		if (!arrival) throw new Error(`Request "${id}" was given a place without waiting for one`);
		const loadsAlone = !decision.resident && !node.jobs.some((other) => !node.resident.has(other.model));
		if (!decision.resident) this.#prefixes.forget(decision.nodeId, decision.model);
		for (const victim of decision.victims) node.resident.delete(victim);
		take(node, job, now * 1000);
		this.#waiting.delete(id);
		this.#knowledge.solo.delete(id);
		noteUse(this.#knowledge.demand, waiting.key, job.estimateS, now * 1000);
		this.#sent.set(id, { waiting, decision, occupancy: node.occupancy, loadsAlone });
		this.#shell.send(arrival, decision.nodeId);
	}

	#learn(
		arrival: Arrival,
		{ waiting, decision, occupancy, loadsAlone }: Sent,
		{ counters, now, node }: { counters: Counters; now: number; node: SimRuleNode },
	): void {
		const { model, nodeId } = decision;
		const { estimates } = this.#knowledge;
		const sharing = meanSharing(occupancy, node.occupancy);
		const observation = { ...counters, nodeId, model, app: waiting.app, sharing, knownTokens: decision.terms.knownTokens };
		if (!this.#truth) learn(estimates, { ...observation, loadedAlone: loadsAlone }, ratesOf(estimates, node, model));
		const latencyMs = counters.totalMs;
		node.latencyP75Ms.set(model, this.#latencies.add(nodeId, model, latencyMs));
		this.#prefixes.remember({
			nodeId,
			model,
			marks: waiting.marks,
			promptTokens: counters.promptTokens,
			answerTokens: counters.outputTokens,
			requestClass: waiting.request.requestClass,
			now: now * 1000,
			capacityTokens: rememberedTokens(DEFAULT_VERSION, arrival.session.model.kvBytesPerToken),
		});
	}

	#spoilPriors(): void {
		const draws = new Draws(this.#shell.seed * 31 + 7);
		for (const node of this.#nodes.values()) {
			const [decode, prefill, load] = [1, 1, 1].map((median) => draws.lognormal(median, PRIOR_ERROR));
			for (const [model, { size }] of node.installed) {
				const prior = priorRates(node, size);
				Object.assign(openPair(this.#knowledge.estimates, node.nodeId, model), {
					decodeTokensPerSecond: { value: prior.decodeTokensPerSecond * (decode ?? 1), samples: 0 },
					prefillTokensPerSecond: { value: prior.prefillTokensPerSecond * (prefill ?? 1), samples: 0 },
					loadS: { value: prior.loadS * (load ?? 1), samples: 0 },
				});
			}
		}
	}

	#node(nodeId: string): SimRuleNode {
		const node = this.#nodes.get(nodeId);
		if (!node) throw new Error(`No node is called "${nodeId}"`);
		return node;
	}
}

function requestOf({ id, session, promptTokens, arrivedAt }: Arrival): RouteRequest {
	return {
		id,
		model: session.model.name,
		fallbacks: [],
		path: session.model.isEmbedding ? "/api/embed" : "/api/chat",
		dialect: "ollama",
		numCtx: undefined,
		tiedToModel: false,
		needsVision: false,
		promptTokens,
		requestClass: session.requestClass,
		tags: [session.app],
		excluded: [],
		arrivedAt: arrivedAt * 1000,
		app: session.app,
		client: session.key,
		marks: [],
	};
}
