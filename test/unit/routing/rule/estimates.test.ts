import { describe, it } from "vitest";
import { emptyEstimates, forgetNode } from "../../../../worker/routing/estimate/estimates.ts";
import { footprintOf, learnFootprint, neededBytes } from "../../../../worker/routing/estimate/footprint.ts";
import { learn, type Observation } from "../../../../worker/routing/estimate/learn.ts";
import { changed, idleSince, meanSharing } from "../../../../worker/routing/estimate/occupancy.ts";
import { expectedTokens } from "../../../../worker/routing/estimate/output.ts";
import { ratesOf } from "../../../../worker/routing/estimate/rates.ts";
import { GB, node } from "../../build-node.ts";
import { LLAMA } from "./build-rule.ts";

const NODE = node({ id: "a", installed: { [LLAMA]: 5 * GB }, bandwidthGbps: 1000, gpuGb: 24 });

function observation(facts: Partial<Observation> = {}): Observation {
	return {
		nodeId: "a",
		model: LLAMA,
		app: "chat",
		promptTokens: 1000,
		prefillMs: 500,
		outputTokens: 200,
		decodeMs: 4000,
		loadMs: 5,
		sharing: 1,
		knownTokens: 0,
		loadedAlone: false,
		...facts,
	};
}

function after(...observations: Partial<Observation>[]) {
	const estimates = emptyEstimates();
	for (const facts of observations) learn(estimates, observation(facts), ratesOf(estimates, NODE, LLAMA));
	return { estimates, ...ratesOf(estimates, NODE, LLAMA) };
}

describe("speeds before any request", () => {
	it("follow from memory bandwidth and size, and say that nothing confirmed them", ({ expect }) => {
		const rates = ratesOf(emptyEstimates(), NODE, LLAMA);
		expect(rates.decodeTokensPerSecond).toBeCloseTo(130);
		expect(rates.prefillTokensPerSecond).toBeCloseTo(6173, 0);
		expect(rates.loadS).toBeCloseTo(3.5);
		expect(rates.samples).toEqual({ decode: 0, prefill: 0, load: 0 });
	});

	it("are finite for a machine and a model of which nothing is known", ({ expect }) => {
		const { decodeTokensPerSecond, loadS } = ratesOf(emptyEstimates(), node({ id: "b" }), "unknown:latest");
		expect(Number.isFinite(decodeTokensPerSecond) && Number.isFinite(loadS)).toBe(true);
	});
});

describe("a finished request", () => {
	it("counts for more when it is the first", ({ expect }) => {
		expect(after({}).decodeTokensPerSecond).toBeCloseTo(130 + 0.7 * (50 - 130));
		expect(after({}).samples).toEqual({ decode: 1, prefill: 1, load: 0 });
	});

	it("comes near the truth in a few steps", ({ expect }) => {
		const rates = after(...Array.from({ length: 12 }, () => ({})));
		expect(rates.decodeTokensPerSecond).toBeCloseTo(50, 0);
		expect(rates.prefillTokensPerSecond / 2000).toBeCloseTo(1, 0);
	});

	it("is set right for the requests that ran beside it", ({ expect }) => {
		const rates = after(...Array.from({ length: 12 }, () => ({ sharing: 2 })));
		expect(rates.decodeTokensPerSecond).toBeCloseTo(100, 0);
	});

	it("counts only the tokens that had to be read", ({ expect }) => {
		const rates = after(...Array.from({ length: 20 }, () => ({ promptTokens: 5000, knownTokens: 4000 })));
		expect(rates.prefillTokensPerSecond / 2000).toBeCloseTo(1, 1);
	});

	it("teaches nothing about prefill when nearly all of the prompt was known", ({ expect }) => {
		expect(after({ knownTokens: 980 }).samples.prefill).toBe(0);
	});

	it("moves the prefill rate by a factor of three at most, whatever was believed of the cache", ({ expect }) => {
		const before = after({}).prefillTokensPerSecond;
		const wild = after({}, { prefillMs: 1 }).prefillTokensPerSecond;
		expect(wild).toBeCloseTo(before * (1 + 0.3 * 2));
	});

	it("teaches the load time only where nothing else delayed the load", ({ expect }) => {
		expect(after({ loadMs: 9000 }).samples.load).toBe(0);
		expect(after({ loadMs: 9000, loadedAlone: true }).loadS).toBeCloseTo((3.5 + 9) / 2);
	});

	it("changes nothing by counters that are absent", ({ expect }) => {
		const { samples } = after({
			promptTokens: undefined,
			prefillMs: undefined,
			outputTokens: undefined,
			decodeMs: undefined,
			loadMs: undefined,
		});
		expect(samples).toEqual({ decode: 0, prefill: 0, load: 0 });
	});
});

describe("the length of answers", () => {
	it("is learned by app and model, then by app, and is 250 tokens before", ({ expect }) => {
		const { estimates } = after(...Array.from({ length: 60 }, () => ({ outputTokens: 40 })));
		expect(expectedTokens(estimates, "chat", LLAMA)).toBeCloseTo(40, 0);
		expect(expectedTokens(estimates, "chat", "other:latest")).toBeCloseTo(40, 0);
		expect(expectedTokens(estimates, "somebody", LLAMA)).toBe(250);
	});

	it("keeps a bounded number of apps", ({ expect }) => {
		const estimates = emptyEstimates();
		for (let app = 0; app < 2500; app++) learn(estimates, observation({ app: `app-${app}` }), ratesOf(estimates, NODE, LLAMA));
		expect(Object.keys(estimates.outputs).length).toBeLessThanOrEqual(2000);
		expect(expectedTokens(estimates, "app-2499", LLAMA)).not.toBe(250);
	});
});

describe("what was learned", () => {
	it("survives a restart as JSON", ({ expect }) => {
		const { estimates } = after({}, { loadMs: 3000, loadedAlone: true });
		expect(JSON.parse(JSON.stringify(estimates))).toEqual(estimates);
	});

	it("holds the memory a model was seen to take, else what Ollama would reckon", ({ expect }) => {
		const load = { fileBytes: 4.92e9, contextTokens: 16_384, slots: 1 };
		const estimates = emptyEstimates();
		expect(footprintOf(estimates, { nodeId: "a", model: LLAMA, load })).toBe(neededBytes(load));
		expect(neededBytes(load) / GB).toBeCloseTo(8.3, 1);
		learnFootprint(estimates, { nodeId: "a", model: LLAMA, bytes: 7e9 });
		expect(footprintOf(estimates, { nodeId: "a", model: LLAMA, load })).toBe(7e9);
	});
});

describe("a pair that has not met yet", () => {
	const SPARSE = "sparse:latest";
	const fleet = ["a", "b"].map((id) => node({ id, installed: { [LLAMA]: 5 * GB, [SPARSE]: 5 * GB }, bandwidthGbps: 1000, gpuGb: 24 }));
	const [first, second] = fleet;

	it("is expected to be as fast as the model showed elsewhere", ({ expect }) => {
		if (!first || !second) throw new Error("The fleet has two nodes");
		const estimates = emptyEstimates();
		learn(estimates, observation({ model: SPARSE, outputTokens: 2000 }), ratesOf(estimates, first, SPARSE));
		const { decodeTokensPerSecond, samples } = ratesOf(estimates, second, SPARSE);
		expect(decodeTokensPerSecond).toBeGreaterThan(250);
		expect(decodeTokensPerSecond).toBeLessThan(500);
		expect(samples.decode).toBe(0);
		expect(ratesOf(estimates, second, LLAMA).decodeTokensPerSecond).toBeCloseTo(130);
	});

	it("is expected to be as slow as the node showed with another model, in part", ({ expect }) => {
		if (!first) throw new Error("The fleet has two nodes");
		const estimates = emptyEstimates();
		learn(estimates, observation({ decodeMs: 40_000 }), ratesOf(estimates, first, LLAMA));
		const { decodeTokensPerSecond } = ratesOf(estimates, first, SPARSE);
		expect(decodeTokensPerSecond).toBeLessThan(110);
		expect(decodeTokensPerSecond).toBeGreaterThan(40);
	});

	it("is a guess from the hardware again once the node has left for good", ({ expect }) => {
		if (!first) throw new Error("The fleet has two nodes");
		const estimates = emptyEstimates();
		learn(estimates, observation({ decodeMs: 40_000 }), ratesOf(estimates, first, LLAMA));
		forgetNode(estimates, "a");
		expect(estimates.pairs).toEqual({});
		expect(Object.keys(estimates.skews.decode.byNode)).toEqual([]);
	});
});

describe("sharing", () => {
	it("is the mean number of requests that ran meanwhile", ({ expect }) => {
		const start = changed(idleSince(0), 1, 1000);
		const joined = changed(start, 1, 3000);
		const end = changed(joined, -1, 5000);
		expect(meanSharing(start, end)).toBeCloseTo(1.5);
	});
});
