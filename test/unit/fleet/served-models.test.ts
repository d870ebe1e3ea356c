import { describe, it } from "vitest";
import { fleetOf, GB, node } from "../build-node.ts";
import { ask, LIMITS, settle } from "./build-fleet.ts";

const chat = { capabilities: ["completion", "tools"] };

describe("a model's name", () => {
	it("means what the fleet's owner says it means", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "llama3.3:70b": 40 * GB }, ...chat }));
		expect(settle(state, { model: "big" }, { aliases: { big: "llama3.3:70b" } })).toMatchObject({
			decision: { model: "llama3.3:70b" },
			because: "alias",
		});
	});

	it("finds a stand-in when coding agents have it built in", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "qwen3-coder:30b": 19 * GB }, ...chat }));
		expect(settle(state, { model: "claude-sonnet-4-6" })).toMatchObject({ decision: { model: "qwen3-coder:30b" } });
	});

	it("means itself when the fleet has it", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "llama3.1:8b": 5 * GB } }));
		expect(settle(state)).toMatchObject({ decision: { model: "llama3.1:8b" }, because: "" });
	});
});

describe("fallback models", () => {
	const asked = { model: "big:70b", fallbacks: ["middle:30b", "small:8b"] };

	it("are not used while the model asked for can be served, cold as it may be", ({ expect }) => {
		const both = node({ id: "a", installed: { "big:70b": 30 * GB, "small:8b": 5 * GB }, resident: { "small:8b": 5 * GB } });
		expect(settle(fleetOf(both), asked)).toMatchObject({ decision: { model: "big:70b" }, because: "" });
	});

	it("are not used while the model asked for only has to wait", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "big:70b": 30 * GB } }), node({ id: "b", resident: { "small:8b": GB } }));
		ask(state, { id: "first", model: "big:70b" });
		expect(ask(state, asked)).toBe("waits");
	});

	it("are tried in the client's order when no node can serve it", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "small:8b": 5 * GB } }), node({ id: "b", installed: { "middle:30b": 18 * GB } }));
		expect(settle(state, asked)).toMatchObject({ decision: { nodeId: "b", model: "middle:30b" }, because: "fallback_models" });
	});

	it("are left for the model asked for when a node for it comes back meanwhile", ({ expect }) => {
		const away = { ...node({ id: "a", resident: { "big:70b": 30 * GB } }), status: "offline" as const };
		const state = fleetOf(away, node({ id: "b", resident: { "small:8b": 5 * GB } }));
		ask(state, { id: "first", model: "small:8b" });
		expect(ask(state, asked)).toBe("waits");
		Object.assign(away, { status: "online" });
		expect(settle(state, { id: "other", model: "small:8b" })).toBeUndefined();
		expect(state.leases.get("request-1")?.decision.model).toBe("big:70b");
	});

	it("leave the refusal about the model asked for when none helps", ({ expect }) => {
		const refused = settle(fleetOf(node({ resident: { "other:1b": GB } })), asked);
		expect(refused).toMatchObject({ kind: "refused", model: "big:70b", installedAnywhere: false });
	});
});

describe("a context that the resident model does not have", () => {
	const small = () => node({ id: "a", resident: { "llama3.1:8b": 6 * GB }, contextLength: 4096, ...chat });
	const large = () => node({ id: "b", resident: { "llama3.3:70b": 45 * GB }, contextLength: 32_768, totalGb: 192, ...chat });
	const asked = { numCtx: 16_384 };

	it("moves to a larger model that is loaded with it, on the node that holds it", ({ expect }) => {
		expect(settle(fleetOf(small(), large()), asked)).toMatchObject({
			decision: { nodeId: "b", model: "llama3.3:70b" },
			because: "larger context",
		});
	});

	it.for([
		["the policy is not strip", asked, { contextProtection: "warn" as const }],
		["the request is tied to its model", { ...asked, tiedToModel: true }, {}],
		["the context asked for is there already", { numCtx: 4096 }, {}],
	] as const)("stays when %s", ([, given, policy], { expect }) => {
		const placed = settle(fleetOf(small(), large()), given, { ...LIMITS, ...policy });
		expect(placed).toMatchObject({ decision: { nodeId: "a", model: "llama3.1:8b" }, because: "" });
	});

	it("stays rather than wait for the larger model", ({ expect }) => {
		const state = fleetOf(small(), large());
		ask(state, { id: "first", model: "llama3.3:70b" });
		expect(settle(state, asked)).toMatchObject({ decision: { nodeId: "a", model: "llama3.1:8b" } });
	});
});

describe("a model that nobody can load soon", () => {
	const CAPABLE = { capabilities: ["completion", "tools"] };
	const away = () => ({ ...node({ id: "away", installed: { "big:30b": 18 * GB }, ...CAPABLE }), status: "offline" as const });
	const loaded = (model: string, bytes: number, facts = {}) =>
		node({ id: model.replace(":", "-"), resident: { [model]: bytes }, ...CAPABLE, ...facts });
	const asked = { model: "big:30b" };
	const standIn = (state: ReturnType<typeof fleetOf>, facts = {}, limits = {}) => settle(state, { ...asked, ...facts }, limits);

	it("is answered for by a loaded one of its kind with at least half its size", ({ expect }) => {
		const state = fleetOf(away(), loaded("half:16b", 10 * GB), loaded("small:8b", 5 * GB));
		expect(standIn(state)).toMatchObject({ decision: { model: "half:16b", reason: "fallback" }, because: "vram_fallback" });
		expect(standIn(fleetOf(away(), loaded("small:8b", 5 * GB)))).toMatchObject({ kind: "refused", model: "big:30b" });
	});

	it.for([
		["the request says no", {}, { tiedToModel: true }, {}],
		["the owner says no", {}, {}, { fallback: { ...LIMITS.fallback, vram: false } }],
		["it lacks what the model can do", { capabilities: ["completion"] }, {}, {}],
		["it makes vectors", { capabilities: ["embedding"] }, {}, {}],
		["it can't see the image", {}, { needsVision: true }, {}],
	] as const)("is not when %s", ([, facts, given, limits], { expect }) => {
		expect(standIn(fleetOf(away(), loaded("half:16b", 10 * GB, facts)), given, limits)).toMatchObject({ kind: "refused" });
	});

	it("is not by one for another purpose, unless the owner allows it", ({ expect }) => {
		const state = () => fleetOf(away(), loaded("half-coder:16b", 10 * GB));
		expect(standIn(state())).toMatchObject({ kind: "refused" });
		const crossing = { fallback: { ...LIMITS.fallback, crossCategory: true } };
		expect(standIn(state(), {}, crossing)).toMatchObject({ decision: { model: "half-coder:16b" } });
	});

	it("comes after the client's own fallbacks", ({ expect }) => {
		const state = fleetOf(away(), loaded("half:16b", 10 * GB), loaded("small:8b", 5 * GB));
		expect(standIn(state, { fallbacks: ["small:8b"] })).toMatchObject({ decision: { model: "small:8b" }, because: "fallback_models" });
	});

	it("is one whose first token would take more than a minute, too; not for a batch, which has the time", ({ expect }) => {
		const slow = () => node({ id: "slow", installed: { "big:30b": 18 * GB }, bandwidthGbps: 20, ...CAPABLE });
		const state = () => fleetOf(slow(), loaded("half:16b", 10 * GB, { bandwidthGbps: 2000 }));
		expect(standIn(state(), { promptTokens: 1000 })).toMatchObject({ decision: { model: "half:16b" }, because: "vram_fallback" });
		expect(standIn(state(), { promptTokens: 1000, requestClass: "batch" })).toMatchObject({ decision: { model: "big:30b" } });
		expect(standIn(state(), { promptTokens: 10 })).toMatchObject({ decision: { model: "big:30b" } });
		const wanted = Object.assign(state(), { priorities: new Map([["big:30b", 9]]) });
		expect(standIn(wanted, { promptTokens: 1000 })).toMatchObject({ decision: { model: "big:30b" } });
	});
});

describe("a fallback in memory", () => {
	it("beats the model asked for on disk only where the owner prefers it", ({ expect }) => {
		const state = () => fleetOf(node({ id: "a", installed: { "big:70b": GB } }), node({ id: "b", resident: { "small:8b": GB } }));
		const asked = { model: "big:70b", fallbacks: ["small:8b"] };
		expect(settle(state(), asked)).toMatchObject({ decision: { model: "big:70b" } });
		const preferring = { fallback: { ...LIMITS.fallback, preferHot: true } };
		expect(settle(state(), asked, preferring)).toMatchObject({ decision: { model: "small:8b", reason: "fallback" } });
	});
});
