import { describe, it } from "vitest";
import { pulledRatio, pullWords } from "../../../dashboard/src/pulls/pull-words.ts";

const pull = {
	id: "router:gemma3:12b",
	by: "router" as const,
	model: "gemma3:12b",
	node_id: "mac-studio",
	status: "pulling abc",
	completed_bytes: 4.9e9,
	total_bytes: 8.15e9,
	waiting: 2,
	started_at: 0,
};
const failed = { ...pull, status: "failed", error: "pulling it to mac-studio failed: it went offline" };

describe("a pull", () => {
	it.for([
		[pull, "to mac-studio, 4.9 of 8.2 GB, 2 requests wait"],
		[{ ...pull, waiting: 1 }, "to mac-studio, 4.9 of 8.2 GB, 1 request waits"],
		[{ ...pull, waiting: 0, node_id: null }, "waits for other pulls"],
		[{ ...pull, waiting: 0, completed_bytes: 0, total_bytes: 0 }, "to mac-studio, begins"],
		[failed, "pulling it to mac-studio failed: it went offline"],
	] as const)("%# is told", ([given, words], { expect }) => {
		expect(pullWords(given)).toBe(words);
	});

	it("fills its bar as far as it is, and none when it failed", ({ expect }) => {
		expect(pulledRatio({ ...pull, completed_bytes: 2, total_bytes: 8 })).toBe(0.25);
		expect(pulledRatio(failed)).toBeUndefined();
	});
});
