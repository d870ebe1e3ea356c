import { describe, it } from "vitest";
import type { FleetModel } from "../../../worker/rewrite/fleet-model.ts";
import { findUpgrade } from "../../../worker/rewrite/upgrade.ts";
import { fleetModel, GB } from "./facts.ts";

const from = fleetModel({ parameterSize: "8.2B" });
const big = (facts: Partial<FleetModel> = {}) =>
	fleetModel({ name: "qwen3:32b", nodeId: "beta", sizeBytes: 20 * GB, parameterSize: "32.8B", contextLength: 32_768, ...facts });
const upgrade = (...to: FleetModel[]) => findUpgrade(from, 16_384, to)?.name;

describe("the upgrade to a larger context", () => {
	it("is a larger loaded model whose context suffices", ({ expect }) => {
		expect(upgrade(big())).toBe("qwen3:32b");
	});

	it.for([
		["is only on disk", { loaded: false }],
		["has too little context", { contextLength: 8192 }],
		["has a context nobody is certain of", { contextLength: undefined }],
		["is smaller, whatever memory it takes", { parameterSize: "4.0B", sizeBytes: 40 * GB }],
		["is of another category", { name: "qwen2.5-coder:32b" }],
		["is of another category by the catalogue", { category: "creative" }],
		["can do less", { capabilities: ["completion"] }],
		["says nothing of what it can do", { capabilities: undefined }],
		["only embeds", { capabilities: ["embedding", "tools"] }],
		["is the model itself elsewhere", { name: "QWEN3:8b" }],
	] satisfies [string, Partial<FleetModel>][])("is never one that %s", ([, facts], { expect }) => {
		expect(upgrade(big(facts))).toBeUndefined();
	});

	it("is the smallest that will do, on its own node before others", ({ expect }) => {
		const middle = big({ name: "qwen3:14b", parameterSize: "14.8B" });
		expect(upgrade(big(), middle)).toBe("qwen3:14b");
		expect(upgrade(middle, big({ nodeId: "alpha" }))).toBe("qwen3:32b");
	});

	it("never replaces an embedding model, since vectors of two models can't be compared", ({ expect }) => {
		const embedder = fleetModel({ name: "nomic-embed-text", sizeBytes: GB, capabilities: ["embedding"] });
		expect(findUpgrade(embedder, 8192, [big({ capabilities: ["embedding"] })])).toBeUndefined();
	});
});
