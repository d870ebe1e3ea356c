import { describe, it } from "vitest";
import { roomOf } from "../../../worker/fleet/room.ts";
import { emptyEstimates } from "../../../worker/routing/estimate/estimates.ts";
import { learnFootprint } from "../../../worker/routing/estimate/footprint.ts";
import { GB, node } from "../build-node.ts";

const MODEL = "llama3.1:8b";

describe("room for models", () => {
	it("is the cards' memory where there are cards, and not looked at where there are none", ({ expect }) => {
		expect(roomOf(node({ gpuGb: 24 }), emptyEstimates()).usableBytes).toBe(24 * GB);
		expect(roomOf(node({ totalGb: 64 }), emptyEstimates()).usableBytes).toBeUndefined();
	});

	it("is taken by a model as it was last seen to take it, else by file, context and buffers", ({ expect }) => {
		const machine = node({ id: "a", installed: { [MODEL]: 5 * GB }, gpuGb: 24 });
		const estimates = emptyEstimates();
		expect(roomOf(machine, estimates).neededBytes.get(MODEL)).toBeGreaterThan(5.5 * GB);
		learnFootprint(estimates, { nodeId: "a", model: MODEL, bytes: 7 * GB });
		expect(roomOf(machine, estimates).neededBytes.get(MODEL)).toBe(7 * GB);
	});

	it("is not refused to a model whose context nobody asked for: Ollama cuts that to what fits", ({ expect }) => {
		const { neededBytes, usableBytes = 0 } = roomOf(node({ installed: { [MODEL]: 19 * GB }, gpuGb: 24 }), emptyEstimates());
		expect(neededBytes.get(MODEL)).toBeLessThan(1.35 * usableBytes);
	});

	it("holds as many models as Ollama's default says", ({ expect }) => {
		expect(roomOf(node(), emptyEstimates()).maxLoaded).toBe(3);
	});
});
