import { describe, it } from "vitest";
import { defaultContext } from "../../../worker/rewrite/default-context.ts";
import { billionsOf, modelsOn } from "../../../worker/rewrite/fleet-model.ts";
import { servedFacts } from "../../../worker/rewrite/served-facts.ts";
import { beat, GB, node, type NodeFacts } from "../build-node.ts";
import { fleetModel } from "./facts.ts";

const GIB = 1024 ** 3;
const MODEL = "llama3.1:8b";

function gpu(vendor: "apple" | "nvidia" | "amd", memory?: number, unified = vendor === "apple") {
	return { id: "0", name: "GPU", vendor, unified, ...(memory !== undefined && { memory_total_bytes: memory }) };
}

describe("the context a node gives by default", () => {
	it.for([
		["no GPU", { totalGb: 512 }, [], 4096],
		["a card of 16 GB", {}, [gpu("nvidia", 15.99 * GIB)], 4096],
		["a card of 24 GB", {}, [gpu("nvidia", 23.99 * GIB)], 32_768],
		["two cards of 24 GB", {}, [gpu("nvidia", 23.99 * GIB), gpu("nvidia", 23.99 * GIB)], 262_144],
		["a Mac of 16 GB", { totalGb: 17.2 }, [gpu("apple", 10.7 * GIB)], 4096],
		["a Mac of 32 GB, where systems differ: the higher", { totalGb: 34.4 }, [gpu("apple", 21.3 * GIB)], 32_768],
		["a Mac of 64 GB", { totalGb: 68.7 }, [gpu("apple", 48 * GIB)], 262_144],
		["shared memory nobody reports", { totalGb: 128 }, [gpu("nvidia", undefined, true)], 262_144],
		["a card that reports nothing", {}, [gpu("nvidia")], undefined],
	] satisfies [string, NodeFacts, ReturnType<typeof gpu>[], number | undefined][])("%s", ([, facts, gpus, expected], { expect }) => {
		expect(defaultContext({ ...beat(facts), gpus }, undefined)).toBe(expected);
	});

	it("is what its environment says, and never more than the model was trained for", ({ expect }) => {
		const plain = beat({ gpuGb: 24 });
		const set = { ...plain, ollama: { ...plain.ollama, settings: { context_length: 16_384 } } };
		expect(defaultContext(set, undefined)).toBe(16_384);
		expect(defaultContext(set, 8192)).toBe(8192);
		expect(defaultContext({ ...set, ollama: { ...set.ollama, settings: { context_length: 0 } } }, undefined)).toBe(4096);
	});
});

describe("the facts of a served model", () => {
	it("hold its resident context, in whatever spelling it is asked for", ({ expect }) => {
		const facts = servedFacts(node({ resident: { [MODEL]: 6 * GB }, contextLength: 8192, capabilities: ["completion"] }), "LLAMA3.1:8B");
		expect(facts).toEqual({
			model: MODEL,
			nodeId: "alpha",
			residentContext: 8192,
			defaultContext: 4096,
			trainedContext: undefined,
			capabilities: ["completion"],
			ollamaVersion: "0.32.15",
		});
	});

	it("tell a cold model from one whose context is not said", ({ expect }) => {
		expect(servedFacts(node({ installed: { [MODEL]: 5 * GB } }), MODEL).residentContext).toBe("none");
		expect(servedFacts(node({ resident: { [MODEL]: 5 * GB } }), MODEL).residentContext).toBe("unknown");
	});

	it("are uncertain of two runners that differ, certain of two that agree", ({ expect }) => {
		const facts = node({ resident: { [MODEL]: 6 * GB }, contextLength: 8192 });
		const [runner] = facts.beat.ollama.models_loaded;
		const withSecond = (contextLength: number) => {
			const second = runner ? [runner, { ...runner, context_length: contextLength }] : [];
			return { ...facts, beat: { ...facts.beat, ollama: { ...facts.beat.ollama, models_loaded: second } } };
		};
		expect(servedFacts(withSecond(4096), MODEL).residentContext).toBe("unknown");
		expect(servedFacts(withSecond(8192), MODEL).residentContext).toBe(8192);
	});
});

describe("the models of a node", () => {
	it("are listed once each, on disk or in memory, by their file's size", ({ expect }) => {
		const facts = { installed: { [MODEL]: 5 * GB, "qwen3:8b": 5 * GB }, resident: { [MODEL]: 9 * GB }, contextLength: 8192 };
		expect(modelsOn(node(facts))).toMatchObject([
			{ name: MODEL, loaded: true, sizeBytes: 5 * GB, contextLength: 8192 },
			{ name: "qwen3:8b", loaded: false },
		]);
	});

	it.for([
		["8.0B", 8],
		["137M", 0.137],
		["1.2T", 1200],
		[undefined, 10],
		["many", 10],
	] as const)("have %s parameters, that is %d billion", ([parameterSize, billions], { expect }) => {
		expect(billionsOf(fleetModel({ parameterSize, sizeBytes: 6 * GB }))).toBeCloseTo(billions);
	});
});
