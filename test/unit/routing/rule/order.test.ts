import { describe, it } from "vitest";
import { emptyDemand, noteUse } from "../../../../worker/routing/rule/demand.ts";
import type { Waiting } from "../../../../worker/routing/rule/view.ts";
import { job, LLAMA, learned, NOW, pass, type PassFacts, ruleNode, waiting } from "./build-rule.ts";

const NODE = ruleNode({ id: "a", resident: { [LLAMA]: 6e9 } });

/** Ids in the order they are looked at. */
function order(requests: readonly Waiting[], facts: PassFacts = {}): string[] {
	return pass([NODE], requests, facts).map((outcome) => outcome.waiting.request.id);
}

describe("the queue", () => {
	it("puts people before agents before batch work, however long that waits", ({ expect }) => {
		const batch = waiting({ id: "batch", requestClass: "batch", since: NOW - 200_000 });
		expect(order([batch, waiting({ id: "agent", requestClass: "agent" }), waiting({ id: "person" })])).toEqual([
			"person",
			"agent",
			"batch",
		]);
	});

	it("puts batch work first once it has waited as long as the setting allows", ({ expect }) => {
		const batch = waiting({ id: "batch", requestClass: "batch", since: NOW - 200_000 });
		expect(order([waiting({ id: "person" }), batch], { settings: { batchMaxWaitS: 180 } })).toEqual(["batch", "person"]);
	});

	it("puts the shorter of two first that came together", ({ expect }) => {
		expect(order([waiting({ id: "long", promptTokens: 9000 }), waiting({ id: "short" })])).toEqual(["short", "long"]);
	});

	it("puts a longer one first that has waited twice as long as the difference", ({ expect }) => {
		const long = waiting({ id: "long", promptTokens: 9000, since: NOW - 20_000 });
		expect(order([waiting({ id: "short" }), long])).toEqual(["long", "short"]);
	});

	it("keeps the order of arrival among equals", ({ expect }) => {
		const requests = [30, 10, 20].map((ms) => waiting({ id: `${ms}`, since: NOW - 1000 + ms, promptTokens: 100 }));
		expect(order(requests, { settings: { ageing: 0 } })).toEqual(["10", "20", "30"]);
	});

	it("sets a key back that floods the fleet, by the work it got lately, and no other key", ({ expect }) => {
		const knowledge = { ...learned([NODE]), demand: emptyDemand() };
		noteUse(knowledge.demand, "greedy", 100, NOW);
		const modest = waiting({ id: "modest", key: "modest" });
		const greedy = (count: number) => Array.from({ length: count }, (_, at) => waiting({ id: `${at}`, key: "greedy", since: NOW - 1000 }));
		expect(order([...greedy(9), modest], { knowledge })[0]).toBe("modest");
		expect(order([...greedy(8), modest], { knowledge })[0]).toBe("0");
		expect(order([...greedy(9), modest], { knowledge, settings: { fairShare: 0 } })[0]).toBe("0");
	});
});

describe("one node with one place and short requests that never stop coming", () => {
	it("serves the long request before its wait is ten times its length", ({ expect }) => {
		const knowledge = learned([NODE]);
		const long = waiting({ id: "long", promptTokens: 20_000, since: NOW });
		let queue = [long];
		let servedAt = Infinity;
		for (let second = 0; second < 300 && servedAt === Infinity; second += 3) {
			const now = NOW + second * 1000;
			queue = [...queue, waiting({ id: `short-${second}`, since: now }), waiting({ id: `other-${second}`, since: now })];
			const outcomes = pass([NODE], queue, { knowledge, now });
			if (outcomes.some(({ kind, waiting: { request } }) => kind === "assigned" && request.id === "long")) servedAt = second;
			queue = outcomes.flatMap((outcome) => (outcome.kind === "left" ? [outcome.waiting] : []));
		}
		expect(servedAt).toBeLessThan(200);
	});
});

describe("many requests for one model", () => {
	it("are passed over after enough of them found nothing, and one for another model still is served", ({ expect }) => {
		const busy = ruleNode({ id: "a", resident: { [LLAMA]: 6e9 }, jobs: [job({ expectedTokens: 100 })] });
		const far = ruleNode({ id: "b", installed: { [LLAMA]: 6e9, small: 1e9 }, usableGb: 50 });
		const nodes = [busy, far];
		const crowd = Array.from({ length: 40 }, (_, index) => waiting({ id: `crowd-${index}`, requestClass: "interactive" }));
		const outcomes = pass(nodes, [...crowd, waiting({ id: "other", model: "small:latest", requestClass: "agent" })]);
		const examined = outcomes.filter((outcome) => outcome.kind === "left" && outcome.decision).length;
		expect(examined).toBeLessThanOrEqual(4 + 6);
		expect(outcomes.find(({ waiting: { request } }) => request.id === "other")?.kind).toBe("assigned");
	});
});
