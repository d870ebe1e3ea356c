import { describe, it } from "vitest";
import { resolveAlias } from "../../../worker/rewrite/aliases.ts";
import type { FleetModel } from "../../../worker/rewrite/fleet-model.ts";
import { bestForTier, tierOf, tierScore } from "../../../worker/rewrite/model-tier.ts";
import { fleetModel, GB } from "./facts.ts";

const small = fleetModel({ name: "qwen3:4b", parameterSize: "4.0B" });
const large = fleetModel({ name: "llama3.3:70b", parameterSize: "70.6B" });
const coder = fleetModel({ name: "qwen3-coder:30b", parameterSize: "30.5B" });
const embedder = fleetModel({ name: "nomic-embed-text", capabilities: ["embedding"], quality: 100 });

function resolve(name: string, fleetModels: FleetModel[], { aliases = {}, needsVision = false } = {}) {
	return resolveAlias(name, { aliases, fleetModels, needsVision });
}

describe("an alias", () => {
	it("is the owner's word, before the fleet's models and before the tiers", ({ expect }) => {
		const aliases = { "claude-opus-4-7": "qwen3:4b", "GPT-4o": "llama3.3:70b", "qwen3:4b": "llama3.3:70b" };
		expect(resolve("claude-opus-4-7", [small, large], { aliases })).toEqual({ model: "qwen3:4b", kind: "alias", why: "alias" });
		expect(resolve("gpt-4o:latest", [small, large], { aliases })?.model).toBe("llama3.3:70b");
		expect(resolve("qwen3:4b", [small, large], { aliases })?.model).toBe("llama3.3:70b");
	});

	it("of a name for itself is none", ({ expect }) => {
		expect(resolve("qwen3:4b", [small], { aliases: { "qwen3:4b": "QWEN3:4B" } })).toBeUndefined();
	});
});

describe("a name", () => {
	it("that the fleet has is never touched", ({ expect }) => {
		expect(resolve("claude-local", [fleetModel({ name: "claude-local:latest" }), large])).toBeUndefined();
	});

	it.for(["llama9", "gpt-4o", "gpt-oss:20b", "gpt-5o", "o365", "claude-like:8b", "someone/claude-x", "toString", ""])(
		"that no program has built in stays unknown: %s",
		(name, { expect }) => {
			expect(resolve(name, [large])).toBeUndefined();
		},
	);

	it.for([
		["claude-haiku-4-5-20251001", "fast"],
		["claude-sonnet-4-6", "neutral"],
		["claude-opus-4-7[1m]", "premium"],
		["gpt-5", "neutral"],
		["gpt-5.1-codex-mini", "fast"],
		["gpt-5-nano", "fast"],
		["gpt-5-pro", "premium"],
		["gpt-5.1-codex-max", "premium"],
		["codex-mini-latest", "fast"],
		["o3", "neutral"],
		["o4-mini", "fast"],
		["Claude-Opus-4-7", "premium"],
	] as const)("%s is of the %s tier", ([name, tier], { expect }) => {
		expect(tierOf(name)).toBe(tier);
	});
});

describe("the model for a tier", () => {
	it("is small for a fast one, large for a premium one", ({ expect }) => {
		expect(resolve("claude-haiku-4-5", [large, small])).toEqual({ model: "qwen3:4b", kind: "tier", why: "fast tier, best loaded" });
		expect(resolve("claude-opus-4-7", [small, large])?.model).toBe("llama3.3:70b");
	});

	it("is one that codes before one that talks", ({ expect }) => {
		expect(resolve("claude-sonnet-4-6", [small, large, coder])?.model).toBe("qwen3-coder:30b");
	});

	it("is in memory before it is better", ({ expect }) => {
		const onDisk = { ...coder, loaded: false };
		expect(resolve("claude-sonnet-4-6", [onDisk, small])?.model).toBe("qwen3:4b");
		expect(resolve("claude-sonnet-4-6", [onDisk])?.why).toBe("neutral tier, best on disk");
	});

	it("can use tools, even if it must be loaded", ({ expect }) => {
		const talker = fleetModel({ name: "gemma2:9b", capabilities: ["completion"], quality: 100 });
		expect(resolve("gpt-5", [talker, { ...small, loaded: false }])?.model).toBe("qwen3:4b");
		expect(resolve("gpt-5", [talker])?.model).toBe("gemma2:9b");
	});

	it("never embeds, and sees when there is something to see", ({ expect }) => {
		expect(resolve("gpt-5", [embedder])).toBeUndefined();
		const seeing = fleetModel({ name: "gemma3:12b", capabilities: ["completion", "vision"] });
		expect(resolve("gpt-5", [large, seeing], { needsVision: true })?.model).toBe("gemma3:12b");
		expect(resolve("gpt-5", [large], { needsVision: true })).toBeUndefined();
	});

	it("is the map's default when the fleet has none", ({ expect }) => {
		const aliases = { default: "qwen3-coder:30b" };
		expect(resolve("claude-opus-4-7", [], { aliases })).toMatchObject({ model: "qwen3-coder:30b", kind: "default" });
		expect(resolve("llama9", [], { aliases })).toBeUndefined();
	});

	it("is scored by quality, category and size", ({ expect }) => {
		expect(tierScore(fleetModel({ quality: 80, category: "coding", parameterSize: "30B" }), "fast")).toBe(80);
		expect(tierScore(fleetModel({ category: "vision", parameterSize: "10B", sizeBytes: GB }), "premium")).toBe(41);
		expect(bestForTier("neutral", [{ ...small, quality: 60 }, large], { needsVision: false })?.name).toBe("qwen3:4b");
	});
});
