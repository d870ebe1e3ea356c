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
