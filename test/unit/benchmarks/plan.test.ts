import { describe, it } from "vitest";
import { type ModelFact, planRun } from "../../../worker/benchmarks/plan.ts";
import { BenchmarkWishSchema } from "../../../worker/protocol/benchmarks.ts";

const fact = (name: string, facts: Partial<ModelFact> = {}): ModelFact => ({
	name,
	type: "llm",
	category: "general",
	sizeBytes: 5e9,
	isLoaded: false,
	thinks: false,
	fits: true,
	...facts,
});

const NODES = [
	{
		nodeId: "big",
		parallel: 8,
		models: [
			fact("llama3.1:8b", { isLoaded: true }),
			fact("coder:7b", { category: "coding" }),
			fact("coder:1b", { category: "coding", sizeBytes: 1e9 }),
			fact("huge:400b", { category: "reasoning", fits: false }),
			fact("embedder:latest", { type: "embed", category: "embedding", isLoaded: true }),
		],
	},
	{ nodeId: "small", parallel: 1, models: [fact("llama3.1:8b", { isLoaded: true })] },
];

const planned = (wish: unknown) =>
	planRun(NODES, BenchmarkWishSchema.parse(wish)).map(({ nodeId, model, lanes }) => `${nodeId} ${model} ${lanes}`);

describe("a benchmark's plan", () => {
	it("has every model in memory where it is, with as many requests at once as there are places, up to six", ({ expect }) => {
		expect(planned({})).toEqual(["big llama3.1:8b 6", "small llama3.1:8b 1"]);
	});

	it("is smart about purposes that nothing in memory serves: the smallest that fits", ({ expect }) => {
		expect(planned({ mode: "smart" })).toEqual(["big llama3.1:8b 6", "big coder:1b 6", "small llama3.1:8b 1"]);
	});

	it("keeps to the types, machines and models asked for", ({ expect }) => {
		expect(planned({ model_types: ["embed"] })).toEqual(["big embedder:latest 2"]);
		expect(planned({ nodes: ["small"] })).toEqual(["small llama3.1:8b 1"]);
		expect(planned({ model_types: ["llm", "embed"], models: ["embedder"] })).toEqual(["big embedder:latest 2"]);
	});
});
