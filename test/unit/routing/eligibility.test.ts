import { describe, it } from "vitest";
import { reasonsAgainst } from "../../../worker/routing/eligibility.ts";
import { GB, node, type NodeFacts, request } from "../build-node.ts";

const MODEL = "llama3.1:8b";
const against = (facts: NodeFacts, changes: Partial<ReturnType<typeof node>> = {}, asked = request()) =>
	reasonsAgainst({ ...node({ installed: { [MODEL]: 5 * GB }, ...facts }), ...changes }, MODEL, asked);

describe("eligibility", () => {
	it("has nothing against a healthy node with the model on disk", ({ expect }) => {
		expect(against({})).toEqual([]);
	});

	it("names each state of the node that keeps work away", ({ expect }) => {
		expect(against({}, { status: "offline" })).toEqual(["offline"]);
		expect(against({}, { status: "pending" })).toEqual(["pending-approval"]);
		expect(against({}, { doorReachable: false })).toEqual(["door-unreachable"]);
		expect(against({ state: "crashed" })).toEqual(["ollama-down"]);
		expect(against({ state: "too-old" })).toEqual(["ollama-down"]);
		expect(against({}, {}, request({ excluded: ["alpha"] }))).toEqual(["excluded"]);
	});

	it("does not take a slow Ollama for a dead one", ({ expect }) => {
		expect(against({ state: "busy" })).toEqual([]);
	});

	it("withholds cold loads under critical memory pressure, but not work for a model in memory", ({ expect }) => {
		expect(against({ pressure: "critical" })).toEqual(["memory-critical"]);
		expect(against({ pressure: "critical", resident: { [MODEL]: 6 * GB } })).toEqual([]);
	});

	it("measures a discrete GPU by its own memory, allowing some spill", ({ expect }) => {
		const big = { installed: { [MODEL]: 42 * GB }, totalGb: 128, availableGb: 120 };
		expect(against({ ...big, gpuGb: 24 })).toEqual(["does-not-fit"]);
		expect(against({ ...big, gpuGb: 48 })).toEqual([]);
	});

	it("counts memory that Ollama could free by evicting as usable", ({ expect }) => {
		const full = { totalGb: 64, availableGb: 8, resident: { "other:70b": 40 * GB } };
		expect(against({ ...full, installed: { [MODEL]: 30 * GB, "other:70b": 40 * GB } })).toEqual([]);
		expect(against({ totalGb: 64, availableGb: 8, installed: { [MODEL]: 30 * GB } })).toEqual(["does-not-fit"]);
	});

	it("never lets a model that can't see answer an image", ({ expect }) => {
		const asked = request({ needsVision: true });
		expect(against({ capabilities: ["completion"] }, {}, asked)).toEqual(["capability-missing"]);
		expect(against({ capabilities: ["completion", "vision"] }, {}, asked)).toEqual([]);
	});

	it("refuses an API that the node's Ollama does not have yet, or no longer", ({ expect }) => {
		const asked = request({ path: "/v1/responses" });
		expect(against({ version: "0.9.0" }, {}, asked)).toEqual(["dialect-unsupported"]);
		expect(against({ version: "0.32.15" }, {}, asked)).toEqual([]);
		const images = request({ path: "/v1/images/generations" });
		expect(against({ version: "0.32.15" }, {}, images)).toEqual(["dialect-unsupported"]);
		expect(against({ version: "0.24.0" }, {}, images)).toEqual([]);
	});
});

describe("a request for one named machine", () => {
	it("goes nowhere else", ({ expect }) => {
		const [alpha, beta] = ["alpha", "beta"].map((id) => node({ id, installed: { "llama3.1:8b": GB } }));
		const reasons = (one: typeof alpha) => (one ? reasonsAgainst(one, "llama3.1:8b", request({ onlyNode: "alpha" })) : undefined);
		expect([reasons(alpha), reasons(beta)]).toEqual([[], ["not-asked-for"]]);
	});
});
