import { describe, it } from "vitest";
import { candidateOf } from "../../../worker/routing/candidate.ts";
import { medianBandwidth } from "../../../worker/routing/median-bandwidth.ts";
import { POLICY, score } from "../../../worker/routing/score.ts";
import { GB, node, type NodeFacts } from "../build-node.ts";

const MODEL = "llama3.3:70b";
const NOW = 10 * 3_600_000;
const context = { now: NOW, promptTokens: 1000, medianBandwidthGbps: undefined };

function points(facts: NodeFacts, changes: Partial<ReturnType<typeof node>> = {}, given = {}) {
	return score(candidateOf({ ...node({ installed: { [MODEL]: 40 * GB }, ...facts }), ...changes }, MODEL), { ...context, ...given });
}

describe("score", () => {
	it("has exactly the seven published signals with their maxima", ({ expect }) => {
		const weights = Object.fromEntries(Object.entries(POLICY).map(([name, { weight }]) => [name, weight]));
		expect(weights).toEqual({
			thermal: 50,
			memory_fit: 20,
			queue_depth: -30,
			wait_time: -25,
			role_affinity: 15,
			availability_trend: 10,
			context_fit: 15,
		});
	});

	it("adds up to its total", ({ expect }) => {
		const { total, ...parts } = points({ bandwidthGbps: 400 }, { inFlight: new Map([[MODEL, 2]]) });
		expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 2);
	});

	it("gives 50 for a model in memory, 30 for one unloaded within half an hour, 10 for one on disk", ({ expect }) => {
		expect(points({ resident: { [MODEL]: 42 * GB } }).thermal).toBe(50);
		expect(points({}, { unloadedAt: new Map([[MODEL, NOW - 1_799_000]]) }).thermal).toBe(30);
		expect(points({}, { unloadedAt: new Map([[MODEL, NOW - 1_800_000]]) }).thermal).toBe(10);
		expect(points({}).thermal).toBe(10);
	});

	it.for([
		[100, 20],
		[70, 15],
		[50, 8],
		[40, 3],
		[39, 0],
	] as const)("with %i GB free for a 40 GB model rates the fit at %i", ([availableGb, expected], { expect }) => {
		expect(points({ totalGb: 256, availableGb }).memory_fit).toBe(expected);
	});

	it("counts work for every model on the node, less on a faster machine", ({ expect }) => {
		const inFlight = new Map([
			["other:7b", 1],
			[MODEL, 1],
		]);
		expect(points({}, { inFlight }).queue_depth).toBe(-12);
		expect(points({ bandwidthGbps: 800 }, { inFlight }, { medianBandwidthGbps: 400 }).queue_depth).toBe(-6);
		expect(points({}, { inFlight: new Map([[MODEL, 9]]) }).queue_depth).toBe(-30);
	});

	it("takes a tenth of the expected wait in seconds, at most 25", ({ expect }) => {
		const inFlight = new Map([[MODEL, 2]]);
		expect(points({}, { inFlight, latencyP75Ms: new Map([[MODEL, 30_000]]) }).wait_time).toBe(-6);
		expect(points({}, { inFlight, latencyP75Ms: new Map([[MODEL, 900_000]]) }).wait_time).toBe(-25);
		expect(points({}, { latencyP75Ms: new Map([[MODEL, 900_000]]) }).wait_time).toBe(0);
	});

	it("keeps the role within 15: large models to fast memory", ({ expect }) => {
		expect(points({ bandwidthGbps: 819 }).role_affinity).toBe(15);
		expect(points({ bandwidthGbps: 100 }).role_affinity).toBe(4.5);
		expect(points({ totalGb: 192 }).role_affinity).toBe(15);
		expect(points({ totalGb: 16, installed: { [MODEL]: 2 * GB } }).role_affinity).toBe(15);
	});

	it.for([
		[32, 2, 15],
		[32, 40, 5],
		[31.2, 40, 5],
		[24, 40, 0],
		[128, 2, 8],
		[128, 40, 15],
		[122, 40, 15],
		[96, 40, 5],
	] as const)("rates the role of a machine with %d GiB for a model of %i GB at %i", ([memoryGib, modelGb, expected], { expect }) => {
		const totalGb = (memoryGib * 1024 ** 3) / GB;
		expect(points({ totalGb, installed: { [MODEL]: modelGb * GB } }).role_affinity).toBe(expected);
	});

	it.for([
		[900, -15],
		[1400, 3],
		[2900, 7.5],
		[7900, 12],
		[8000, 15],
	] as const)("with a context of %i for 1000 tokens gives %d", ([contextLength, expected], { expect }) => {
		expect(points({ resident: { [MODEL]: 42 * GB }, contextLength }).context_fit).toBe(expected);
	});
});

describe("median bandwidth", () => {
	it("leaves offline and unknown nodes out", ({ expect }) => {
		const nodes = [
			node({ bandwidthGbps: 100 }),
			node({ bandwidthGbps: 300 }),
			node(),
			{ ...node({ bandwidthGbps: 900 }), status: "offline" as const },
		];
		expect(medianBandwidth(nodes)).toBe(200);
		expect(medianBandwidth([node()])).toBeUndefined();
	});
});
