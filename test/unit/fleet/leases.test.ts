import { describe, it } from "vitest";
import { holdsPlace, reapLeases, releaseLease, renewLeases } from "../../../worker/fleet/leases.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { ask } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";

function granted() {
	const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB } }));
	ask(state, { id: "1" });
	return state;
}

describe("leases", () => {
	it("are given back once, however often it is tried", ({ expect }) => {
		const state = granted();
		expect([releaseLease(state, "1", 1), releaseLease(state, "1", 1)]).toMatchObject([{ job: { requestId: "1" } }, undefined]);
		expect(state.nodes.get("a")).toMatchObject({ inFlight: new Map(), jobs: [], occupancy: { running: 0 } });
	});

	it("are taken back when no beat has listed the request for a minute", ({ expect }) => {
		const state = granted();
		expect(reapLeases(state, 60_000)).toEqual([]);
		expect(reapLeases(state, 60_001)).toMatchObject([{ job: { requestId: "1" } }]);
		expect(state.nodes.get("a")).toMatchObject({ inFlight: new Map(), jobs: [] });
	});

	it("live on while beats of their own node list the request", ({ expect }) => {
		const state = granted();
		renewLeases(state, "a", ["1"], 50_000);
		renewLeases(state, "b", ["1"], 90_000);
		expect(reapLeases(state, 110_000)).toEqual([]);
		expect(reapLeases(state, 110_001)).toMatchObject([{ job: { requestId: "1" } }]);
	});

	it("are lost when the node goes silent, not when it says farewell and ends its work", ({ expect }) => {
		const state = granted();
		const member = state.nodes.get("a");
		if (!member) throw new Error("no node");
		Object.assign(member, { status: "offline", left: true });
		expect(holdsPlace(state, "1")).toBe(true);
		member.left = false;
		expect(holdsPlace(state, "1")).toBe(false);
	});

	it("of a node that was removed meanwhile can still be given back", ({ expect }) => {
		const state = granted();
		state.nodes.delete("a");
		expect(releaseLease(state, "1", 1)).toBeDefined();
	});
});
