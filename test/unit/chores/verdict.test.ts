import { describe, it } from "vitest";
import { verdictOn } from "../../../worker/chores/verdict.ts";

const done = (nodeId: string) => ({ kind: "done", nodeId }) as const;
const gone = (nodeId: string) => ({ kind: "gone", nodeId }) as const;
const refused = (nodeId: string) => ({ kind: "refused", nodeId }) as const;
const failed = (nodeId: string, why: string) => ({ kind: "failed", nodeId, why }) as const;

describe("what several nodes said to one change", () => {
	it("is a success when all did it, or the model had gone already from some", ({ expect }) => {
		expect(verdictOn([done("a"), done("b")], "m", "deleted")).toEqual({ kind: "done", nodeIds: ["a", "b"] });
		expect(verdictOn([done("a"), gone("b")], "m", "deleted")).toEqual({ kind: "done", nodeIds: ["a"] });
	});

	it("is a node's own refusal when nobody did it", ({ expect }) => {
		expect(verdictOn([gone("a"), gone("b")], "m", "deleted")).toEqual({ kind: "relay", nodeId: "a" });
		expect(verdictOn([refused("a"), failed("b", "is offline")], "m", "copied")).toEqual({ kind: "relay", nodeId: "a" });
	});

	it("names who did it, who did not and why, when it was done in part", ({ expect }) => {
		const outcomes = [done("a"), failed("b", "is offline"), failed("c", "its Ollama answered 500: disk full")];
		expect(verdictOn(outcomes, "m:1b", "deleted")).toEqual({
			kind: "partial",
			message: "model 'm:1b' was deleted on a, but not on b (is offline), c (its Ollama answered 500: disk full)",
		});
		expect(verdictOn([failed("b", "is offline")], "m:1b", "deleted")).toEqual({
			kind: "partial",
			message: "model 'm:1b' was deleted nowhere: failed on b (is offline)",
		});
	});
});
