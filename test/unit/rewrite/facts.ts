/** Builders for tests: a served model and a model of the fleet, with only what the test is about said. */
import type { FleetModel } from "../../../worker/rewrite/fleet-model.ts";
import type { RewriteSettings } from "../../../worker/rewrite/rewrite.ts";
import type { ServedFacts } from "../../../worker/rewrite/served-facts.ts";

export const GB = 1e9;

export function served(facts: Partial<ServedFacts> = {}): ServedFacts {
	return {
		model: "qwen3:8b",
		nodeId: "alpha",
		residentContext: 8192,
		defaultContext: 4096,
		trainedContext: 40_960,
		capabilities: ["completion", "tools"],
		ollamaVersion: "0.32.15",
		...facts,
	};
}

export function fleetModel(facts: Partial<FleetModel> = {}): FleetModel {
	return { name: "qwen3:8b", nodeId: "alpha", loaded: true, sizeBytes: 5 * GB, capabilities: ["completion", "tools"], ...facts };
}

export const SETTINGS: RewriteSettings = {
	contextProtection: "strip",
	keepAlive: "client",
	thinking: { overhead: 4, minPredict: 1024 },
	numCtxOverrides: {},
};
