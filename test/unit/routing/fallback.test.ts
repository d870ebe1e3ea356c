import { describe, it } from "vitest";
import { chooseModel } from "../../../worker/routing/fallback.ts";
import { GB, node, request } from "../build-node.ts";

const asked = request({ model: "big:70b", fallbacks: ["middle:30b", "small:8b"] });

describe("fallback models", () => {
	it("are not used while the model asked for can be served, cold as it may be", ({ expect }) => {
		const nodes = [node({ id: "a", installed: { "big:70b": 30 * GB, "small:8b": 5 * GB }, resident: { "small:8b": 5 * GB } })];
		expect(chooseModel(nodes, asked, 0)).toMatchObject({ kind: "assigned", model: "big:70b" });
	});

	it("are not used while the model asked for only has to wait", ({ expect }) => {
		const busy = { ...node({ id: "a", resident: { "big:70b": 30 * GB } }), inFlight: new Map([["big:70b", 1]]) };
		expect(chooseModel([busy, node({ id: "b", resident: { "small:8b": GB } })], asked, 0)).toEqual({ kind: "wait", model: "big:70b" });
	});

	it("are tried in the client's order when no node can serve it", ({ expect }) => {
		const nodes = [node({ id: "a", resident: { "small:8b": 5 * GB } }), node({ id: "b", installed: { "middle:30b": 18 * GB } })];
		expect(chooseModel(nodes, asked, 0)).toMatchObject({ kind: "assigned", nodeId: "b", model: "middle:30b" });
	});

	it("leave the refusal about the model asked for when none helps", ({ expect }) => {
		expect(chooseModel([node({ resident: { "other:1b": GB } })], asked, 0)).toMatchObject({
			kind: "refused",
			model: "big:70b",
			installedAnywhere: false,
		});
	});
});
