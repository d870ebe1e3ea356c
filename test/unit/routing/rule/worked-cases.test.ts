import { describe, it } from "vitest";
import { job, LLAMA, learned, NOW, pass, placeOf, QWEN, ruleNode, waiting } from "./build-rule.ts";

const HOT = { id: "a", resident: { [LLAMA]: 6e9 } };
const COLD = { id: "b", installed: { [LLAMA]: 5e9 } };

describe("three 60 s jobs on the node that holds the model, another that needs 8 s to load it", () => {
	it("goes to the cold node at once when the jobs were sent past the router", ({ expect }) => {
		const busy = ruleNode({ ...HOT, external: { jobs: 3, since: NOW - 12_000 } });
		const [outcome] = pass([busy, ruleNode(COLD)], [waiting()]);
		expect(placeOf(outcome)).toBe("b");
	});

	it("goes there too when they are seen for the first time", ({ expect }) => {
		const busy = ruleNode({ ...HOT, external: { jobs: 3, since: NOW } });
		const [outcome] = pass([busy, ruleNode(COLD)], [waiting()]);
		expect(placeOf(outcome)).toBe("b");
	});

	it("goes there too when they are the router's own on three places", ({ expect }) => {
		const jobs = [1, 2, 3].map(() => job({ expectedTokens: 6000 }));
		const busy = ruleNode({ ...HOT, numParallel: 3, jobs });
		const [outcome] = pass([busy, ruleNode({ ...COLD, numParallel: 3 })], [waiting()]);
		expect(placeOf(outcome)).toBe("b");
	});

	it("says what decided it", ({ expect }) => {
		const busy = ruleNode({ ...HOT, external: { jobs: 3, since: NOW - 12_000 } });
		const [outcome] = pass([busy, ruleNode(COLD)], [waiting()]);
		expect(outcome).toMatchObject({
			kind: "assigned",
			decision: { reason: "cold-idle", terms: { waitS: 0, loadS: 8 }, candidateCount: 2 },
		});
	});
});

describe("one short job on the node that holds the model", () => {
	it("waits for it rather than load the model elsewhere", ({ expect }) => {
		const busy = ruleNode({ ...HOT, jobs: [job({ elapsedS: 0, expectedTokens: 400 })] });
		const [outcome] = pass([busy, ruleNode(COLD)], [waiting()]);
		expect(outcome).toMatchObject({ kind: "left", why: "full", decision: { nodeId: "a", reason: "wait-hot" } });
	});

	it("does not wait where the other node holds the model as well", ({ expect }) => {
		const busy = ruleNode({ ...HOT, jobs: [job({ expectedTokens: 400 })] });
		const [outcome] = pass([busy, ruleNode({ ...COLD, resident: { [LLAMA]: 6e9 } })], [waiting()]);
		expect(placeOf(outcome)).toBe("b");
	});
});

describe("a node full of work for another model", () => {
	it("is not idle: the equal node without work is taken", ({ expect }) => {
		const both = { [LLAMA]: 6e9, [QWEN]: 6e9 };
		const busy = ruleNode({ id: "a", resident: both, jobs: [job({ model: QWEN, expectedTokens: 3000 })] });
		const [outcome] = pass([busy, ruleNode({ id: "b", resident: both })], [waiting()]);
		expect(placeOf(outcome)).toBe("b");
	});

	it("takes nothing more when all its places are taken, though none by this model", ({ expect }) => {
		const both = { [LLAMA]: 6e9, [QWEN]: 6e9, other: 2e9 };
		const busy = ruleNode({ id: "a", resident: both, jobs: [job({ model: QWEN }), job({ model: "other:latest" })] });
		expect(placeOf(pass([busy], [waiting()])[0])).toBe("no-place");
	});
});

describe("a load that pushes a model out", () => {
	const models = { [LLAMA]: 20e9, [QWEN]: 20e9 };

	it("is avoided while the model in memory is much asked for", ({ expect }) => {
		const nodes = [
			ruleNode({
				id: "a",
				installed: models,
				resident: { [LLAMA]: 20e9 },
				usableGb: 25,
				jobs: [job({ elapsedS: 0, expectedTokens: 900 })],
			}),
			ruleNode({ id: "b", installed: models, resident: { [QWEN]: 20e9 }, usableGb: 25 }),
		];
		const knowledge = learned(nodes, { loadS: 4 });
		expect(placeOf(pass(nodes, [waiting()], { knowledge })[0])).toBe("b");
		knowledge.demand.arrivals.set(QWEN, { sum: 60, at: NOW });
		const [outcome] = pass(nodes, [waiting()], { knowledge: { ...knowledge, keep: new Map() } });
		expect(outcome).toMatchObject({ kind: "left", why: "full", decision: { nodeId: "a" } });
	});

	it("waits while that model is at work", ({ expect }) => {
		const only = ruleNode({ id: "a", installed: models, resident: { [QWEN]: 20e9 }, usableGb: 25, jobs: [job({ model: QWEN })] });
		expect(placeOf(pass([only], [waiting()])[0])).toBe("full");
	});
});

describe("the same state", () => {
	it("gives the same decision, and stays as it was", ({ expect }) => {
		const nodes = [ruleNode(HOT), ruleNode({ ...COLD, resident: { [LLAMA]: 6e9 } })];
		const requests = [waiting({ id: "one" }), waiting({ id: "two" }), waiting({ id: "three" })];
		const before = structuredClone({ nodes, requests });
		const first = pass(nodes, requests);
		expect(pass(nodes, requests)).toEqual(first);
		expect(pass(nodes.toReversed(), requests.toReversed())).toEqual(first);
		expect({ nodes, requests }).toEqual(before);
	});
});
