import { describe, it } from "vitest";
import { canonicalName, nearestNames } from "../../../worker/routing/names.ts";

describe("model names", () => {
	it.for([
		["llama3.2", "llama3.2:latest"],
		["LLAMA3.2:latest", "llama3.2:latest"],
		["library/llama3.2", "llama3.2:latest"],
		["registry.ollama.ai/library/llama3.2:3b", "llama3.2:3b"],
		["hf.co/user/Repo:Q4_K_M", "hf.co/user/repo:q4_k_m"],
		["localhost:5000/user/model", "localhost:5000/user/model:latest"],
		["", ""],
	] as const)("%s is %s", ([given, canonical], { expect }) => {
		expect(canonicalName(given)).toBe(canonical);
	});

	it("offers what was probably meant, the same family first", ({ expect }) => {
		const installed = ["llava:7b", "llama3.1:8b", "llama3.3:70b", "nomic-embed-text:latest"];
		expect(nearestNames("llama3.3", installed)[0]).toBe("llama3.3:70b");
		expect(nearestNames("lama3.1", installed)[0]).toBe("llama3.1:8b");
		expect(nearestNames("zzzzzz", installed)).toEqual([]);
	});

	it("offers nothing for what is too long to be a name", ({ expect }) => {
		const long = "x".repeat(400);
		expect(nearestNames(long, [long])).toEqual([]);
		expect(nearestNames(long.slice(50), [long])).toEqual([long]);
	});
});
