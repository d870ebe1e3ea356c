import { describe, it } from "vitest";
import catalogue from "../../../worker/catalogue/models.json" with { type: "json" };
import { catalogueModels } from "../../../worker/catalogue/lookup.ts";
import { qualities } from "../../../worker/catalogue/quality.ts";
import { recommend } from "../../../worker/catalogue/recommend/recommend.ts";
import { demandOf, factsOf, type Surroundings } from "../../../worker/fleet/recommendations/facts.ts";
import { RecommendationsSchema } from "../../../worker/protocol/recommendations.ts";
import { emptyEstimates } from "../../../worker/routing/estimate/estimates.ts";
import { GB, node, type NodeFacts } from "../build-node.ts";

const GIB = 1024 ** 3;
const DAY_S = 24 * 3600;
const NOW = 100 * DAY_S * 1000;

interface Given extends Partial<Surroundings> {
	readonly asked?: Record<string, number>;
	/** Free on the disk of every node. */
	readonly freeGb?: number;
}

function advise(nodes: NodeFacts[], { asked = {}, freeGb = 500, ...around }: Given = {}) {
	const all = nodes.map((facts) => {
		const one = node(facts);
		return { ...one, beat: { ...one.beat, disk: { path: "/", total_bytes: 1000 * GB, available_bytes: freeGb * GB } } };
	});
	const usage = Object.entries(asked).map(([model, day]) => ({ model, day, week: day, latest: 0 }));
	const surroundings = { estimates: emptyEstimates(), usage: [], pinned: new Map(), now: NOW, ...around };
	return recommend(
		all.map((one) => factsOf(one, surroundings)),
		demandOf(usage),
		NOW,
	);
}

const PC: NodeFacts = { id: "pc", gpuGb: 24, bandwidthGbps: 936 };
const NUC: NodeFacts = { id: "nuc", totalGb: 16, bandwidthGbps: 50 };

describe("recommendations", () => {
	it("stay within each machine's memory for models, graphics memory where it has some, and name only models that can be pulled", ({
		expect,
	}) => {
		const known = new Set(catalogue.models.map(({ name }) => name));
		const advice = RecommendationsSchema.parse(advise([PC, NUC, { id: "studio", totalGb: 192, bandwidthGbps: 800 }]));
		for (const { node_id, usable_ram_gb, recommendations } of advice.nodes) {
			const taken = recommendations.reduce((sum, item) => sum + item.ram_gb, 0);
			expect(taken, node_id).toBeLessThanOrEqual(usable_ram_gb);
			expect(recommendations.length, node_id).toBeGreaterThan(0);
			for (const { model } of recommendations) expect(known).toContain(model);
		}
		expect(advice.nodes.find(({ node_id }) => node_id === "pc")?.usable_ram_gb).toBeCloseTo((24 * GB) / GIB, 1);
		expect(advice.uncovered_categories).toEqual([]);
	});

	it("keep what is asked for where it is, first of all", ({ expect }) => {
		const installed = { "qwen2.5-coder:14b": 9 * GB };
		const [plan] = advise([{ ...PC, installed }], { asked: { "qwen2.5-coder:14b": 40, "nobody:1b": 10 } }).nodes;
		expect(plan?.recommendations[0]).toMatchObject({
			model: "qwen2.5-coder:14b",
			priority: "high",
			already_available: true,
			category: "coding",
		});
		expect(plan?.recommendations[0]?.reason).toMatch(/^Asked for 40 times within a day\./);
	});

	it("know a model by each of its names", ({ expect }) => {
		const [plan] = advise([{ ...PC, installed: { "llama3.1:latest": 5 * GB } }], { asked: { "llama3.1:latest": 4 } }).nodes;
		expect(plan?.recommendations[0]).toMatchObject({ model: "llama3.1", already_available: true });
		expect(plan?.recommendations[0]?.quality_score).toBeGreaterThan(0);
	});

	it("say how fast a model would be there: by bandwidth and what is read for a token, or as it was measured", ({ expect }) => {
		const estimates = emptyEstimates();
		estimates.pairs.pc = { "gpt-oss:20b": { decodeTokensPerSecond: { value: 140, samples: 3 } } };
		const installed = { "gpt-oss:20b": 13.8 * GB };
		const pc = { ...PC, gpuGb: 48, installed };
		const speedIn = (given: Given) => advise([pc], { asked: { "gpt-oss:20b": 5 }, ...given }).nodes[0]?.recommendations[0];
		expect(speedIn({ estimates })).toMatchObject({ tokens_per_second: 140, speed_is_measured: true });
		const guess = speedIn({});
		expect(guess?.speed_is_measured).toBe(false);
		// A mixture of experts reads a part of its 13.8 GB for each token
		expect(guess?.tokens_per_second).toBeGreaterThan((0.65 * 936) / 13.8);
	});

	it("leave a slow machine the models that somebody can bear there", ({ expect }) => {
		const [nuc] = advise([NUC]).nodes;
		for (const { tokens_per_second, category } of nuc?.recommendations ?? [])
			expect(tokens_per_second, category).toBeGreaterThanOrEqual(category === "embedding" ? 0 : 8);
	});

	it("name what to delete for want of disk, and nothing that is used, loaded or pinned", ({ expect }) => {
		const installed = { "old-model:7b": 30 * GB, "used:7b": 30 * GB, "pinned:7b": 30 * GB, "loaded:7b": 5 * GB };
		const used = [{ node_id: "pc", model: "used:7b", requests: 1, last_used: NOW / 1000 - DAY_S }];
		const pinned = new Map([["pc", new Set(["pinned:7b"])]]);
		const [plan] = advise([{ ...PC, installed, resident: { "loaded:7b": 5 * GB } }], { freeGb: 3, usage: used, pinned }).nodes;
		const deleted = plan?.recommendations.flatMap(({ delete_first }) => delete_first.map(({ model }) => model));
		expect(deleted).toEqual(["old-model:7b"]);
	});

	it("recommend nothing to pull where the disk is full of what is wanted", ({ expect }) => {
		expect(advise([PC], { freeGb: 1 }).nodes[0]?.recommendations).toEqual([]);
	});

	it("say that nobody is there when nobody is", ({ expect }) => {
		expect(advise([])).toMatchObject({ nodes: [], fleet_summary: "No machine is online, so nothing can be recommended" });
	});
});

describe("the quality of models", () => {
	const quality = qualities(catalogueModels());
	const of = (model: string) => quality.get(model) ?? Number.NaN;

	it("puts sizes of one family in their order, whichever benchmarks each of them has", ({ expect }) => {
		expect(of("llama3.3:70b")).toBeGreaterThan(of("llama3.1:8b"));
		expect(of("llama3.1:8b")).toBeGreaterThan(of("llama3.2:1b"));
		expect(of("gemma3:27b")).toBeGreaterThan(of("gemma3:1b"));
	});

	it("makes nothing of a benchmark that hardly any model has", ({ expect }) => {
		expect(quality.has("granite4.1:8b")).toBe(false);
	});
});
