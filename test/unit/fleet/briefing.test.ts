import { describe, it } from "vitest";
import { briefingOf } from "../../../worker/fleet/briefing.ts";
import { toSnapshot } from "../../../worker/fleet/snapshot.ts";
import { fleetOf, GB, node } from "../build-node.ts";

const NO_DEMAND = { totalRequests: 0, models: [] };
const said = (fleet: ReturnType<typeof fleetOf>, demand = NO_DEMAND as Parameters<typeof briefingOf>[1]) =>
	briefingOf(toSnapshot(fleet, 0), demand, 0).briefing;

describe("the briefing", () => {
	it("tells the machines, what was asked for, and what is in the way", ({ expect }) => {
		const fleet = fleetOf(node({ id: "alpha", resident: { "llama3.1:8b": 5 * GB } }), node({ id: "beta", state: "stopped" }));
		const demand = { totalRequests: 12, models: [{ model: "llama3.1:8b", requests: 9, category: "general" as const }] };
		expect(said(fleet, demand)).toBe(
			"2 of 2 machines are online with 1 model in memory. 12 requests in the last day, most for llama3.1:8b (9); 0 run now and 0 wait. beta its Ollama does not run.",
		);
	});

	it("says so where nobody has joined", ({ expect }) => {
		expect(said(fleetOf())).toBe("No machine has joined this fleet yet. 0 requests in the last day; 0 run now and 0 wait.");
	});
});
