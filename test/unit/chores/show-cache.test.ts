import { describe, it } from "vitest";
import { cacheKey, ShowCache } from "../../../worker/chores/show-cache.ts";

const ask = (given: Record<string, unknown>, facts: { digest?: string; userAgent?: string } = {}) =>
	cacheKey({
		model: String(given.model ?? given.name),
		digest: facts.digest ?? "d1",
		given,
		bodyBytes: JSON.stringify(given).length,
		userAgent: facts.userAgent ?? null,
	});
const shown = (bytes: number) => ({ nodeId: "a", contentType: "application/json", body: new Uint8Array(bytes) });

describe("what is remembered of a model", () => {
	it("is the same for every spelling and key of its name, and for empty fields that the command line sends", ({ expect }) => {
		const keys = [
			ask({ model: "tiny" }),
			ask({ name: "TINY:latest" }),
			ask({ model: "library/tiny", system: "", template: "", verbose: false, options: null }),
		];
		expect(new Set(keys).size).toBe(1);
		expect(keys[0]).toBeDefined();
	});

	it("is another for another digest, name or field", ({ expect }) => {
		const keys = [
			ask({ model: "tiny" }),
			ask({ model: "tiny" }, { digest: "d2" }),
			ask({ model: "copy" }),
			ask({ model: "tiny", novel: 1 }),
		];
		expect(new Set(keys).size).toBe(4);
	});

	it("is nothing for questions that change the answer, and for the client that Ollama answers differently", ({ expect }) => {
		for (const extra of [{ verbose: true }, { system: "x" }, { template: "x" }, { options: {} }])
			expect(ask({ model: "tiny", ...extra })).toBeUndefined();
		expect(ask({ model: "tiny" }, { userAgent: "GitHubCopilotChat/0.30" })).toBeUndefined();
		expect(cacheKey({ model: "tiny", digest: undefined, given: {}, bodyBytes: 2, userAgent: null })).toBeUndefined();
	});

	it("is nothing for a question with so much in it that its key would be long", ({ expect }) => {
		expect(ask({ model: "tiny", novel: "x".repeat(900) })).toBeDefined();
		expect(ask({ model: "tiny", novel: "x".repeat(1_024) })).toBeUndefined();
		expect(ask({ model: "tiny", ["x".repeat(1_024)]: null })).toBeUndefined();
	});

	it("is bounded: the least recently used gives way, and what is too long is not kept", ({ expect }) => {
		const cache = new ShowCache();
		for (let index = 0; index < 200; index++) cache.keep(`key-${index}`, shown(1));
		cache.get("key-0");
		cache.keep("one more", shown(1));
		expect(cache.get("key-0")).toBeDefined();
		expect(cache.get("key-1")).toBeUndefined();
		cache.keep("long", shown(200_000));
		expect(cache.get("long")).toBeUndefined();
	});
});
