/** What must hold for every pass, checked on seeded fleets. */
import { describe, it } from "vitest";
import { seeded } from "../../../../agent/src/simulate/machine/random.ts";
import type { RequestClass } from "../../../../worker/protocol/inference.ts";
import { candidateOf, slotsOf } from "../../../../worker/routing/candidate.ts";
import type { Outcome } from "../../../../worker/routing/rule/pass.ts";
import { RULE_DEFAULTS } from "../../../../worker/routing/rule/settings.ts";
import type { Job, RuleNode, Waiting } from "../../../../worker/routing/rule/view.ts";
import { job, NOW, pass, ruleNode, waiting } from "./build-rule.ts";

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
const MODELS = ["one:latest", "two:latest", "three:latest", "four:latest"];
const CLASSES: readonly RequestClass[] = ["interactive", "agent", "batch"];

function fleet(seed: number): { nodes: RuleNode[]; requests: Waiting[] } {
	const random = seeded(seed);
	const some = (ratio: number) => Object.fromEntries(MODELS.filter(() => random() < ratio).map((model) => [model, 6e9]));
	const nodes = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, index) => {
		const installed = { ...some(0.7), "one:latest": 6e9 };
		const resident = Object.fromEntries(Object.entries(installed).filter(() => random() < 0.4));
		const jobs = Object.keys(resident).flatMap((model) => (random() < 0.4 ? [job({ model, elapsedS: random() * 20 })] : []));
		const numParallel = 1 + Math.floor(random() * 3);
		return ruleNode({ id: `node-${index}`, installed, resident, jobs, numParallel, usableGb: 10 + random() * 40 });
	});
	const requests = Array.from({ length: Math.floor(random() * 40) }, (_, index) => {
		const requestClass = CLASSES[Math.floor(random() * 3)] ?? "interactive";
		const model = MODELS[Math.floor(random() * MODELS.length)] ?? "one:latest";
		return waiting({
			id: `request-${index}`,
			model,
			requestClass,
			promptTokens: 1 + Math.floor(random() * 3000),
			since: NOW - random() * 60_000,
		});
	});
	return { nodes, requests };
}

/** The nodes' jobs once the outcomes are carried out. */
function jobsAfter(nodes: readonly RuleNode[], outcomes: readonly Outcome[]): Map<string, readonly Job[]> {
	const after = new Map(nodes.map(({ nodeId, jobs }) => [nodeId, jobs] as const));
	for (const outcome of outcomes) {
		if (outcome.kind !== "assigned") continue;
		const { nodeId } = outcome.decision;
		after.set(nodeId, [...(after.get(nodeId) ?? []), outcome.job]);
	}
	return after;
}

describe("a pass", () => {
	it.for(SEEDS)("answers each request once (seed %i)", (seed, { expect }) => {
		const { nodes, requests } = fleet(seed);
		const ids = pass(nodes, requests).map((outcome) => outcome.waiting.request.id);
		expect(ids.toSorted()).toEqual(requests.map(({ request }) => request.id).toSorted());
	});

	it.for(SEEDS)("never gives a node more than its places (seed %i)", (seed, { expect }) => {
		const { nodes, requests } = fleet(seed);
		const outcomes = pass(nodes, requests);
		const after = jobsAfter(nodes, outcomes);
		for (const view of nodes) {
			const running = after.get(view.nodeId) ?? [];
			for (const model of MODELS) {
				expect(running.filter((one) => one.model === model).length).toBeLessThanOrEqual(slotsOf(candidateOf(view, model)));
			}
			if (running.length === view.inFlight.size) continue;
			const most = Math.max(...running.map((one) => RULE_DEFAULTS.extraBusy[one.requestClass]));
			const before = [...view.inFlight.values()].reduce((sum, count) => sum + count, 0);
			const places = (view.beat.ollama.settings.num_parallel ?? 1) + most;
			expect(running.length).toBeLessThanOrEqual(Math.max(before, places));
		}
	});

	it.for(SEEDS)("leaves nobody waiting for a node that could take the first of them (seed %i)", (seed, { expect }) => {
		const { nodes, requests } = fleet(seed);
		const waited = new Set<string>();
		for (const outcome of pass(nodes, requests)) {
			if (outcome.kind !== "left" || !outcome.decision) continue;
			const { nodeId, candidates } = outcome.decision;
			const first = !waited.has(nodeId);
			waited.add(nodeId);
			if (first) expect(candidates[0]?.isFull).toBe(true);
			else expect(["full", "booked"]).toContain(outcome.why);
		}
	});

	it.for(SEEDS)("gives nothing to a node that a request further ahead waits for (seed %i)", (seed, { expect }) => {
		const { nodes, requests } = fleet(seed);
		const waitedFor = new Set<string>();
		for (const outcome of pass(nodes, requests)) {
			if (outcome.kind === "assigned") expect(waitedFor).not.toContain(outcome.decision.nodeId);
			if (outcome.kind === "left" && outcome.decision) waitedFor.add(outcome.decision.nodeId);
		}
	});

	it.for(SEEDS)("takes no model for loaded that it has just had pushed out (seed %i)", (seed, { expect }) => {
		const { nodes, requests } = fleet(seed);
		const pushedOut = new Set<string>();
		for (const outcome of pass(nodes, requests)) {
			if (outcome.kind !== "assigned") continue;
			const { nodeId, model, resident, victims } = outcome.decision;
			if (resident) expect(pushedOut).not.toContain(`${nodeId} ${model}`);
			for (const victim of victims) pushedOut.add(`${nodeId} ${victim}`);
		}
	});
});

describe("an empty node", () => {
	it("is never left idle by a request that it alone can serve", ({ expect }) => {
		const node = ruleNode({ id: "a", installed: { "one:latest": 6e9 } });
		expect(pass([node], [waiting({ model: "one:latest" })])[0]?.kind).toBe("assigned");
	});
});
