import { describe, it } from "vitest";
import { bearClockJump } from "../../../worker/fleet/clock-jump.ts";
import { holdsPlace, reapLeases } from "../../../worker/fleet/leases.ts";
import { updateLiveness } from "../../../worker/fleet/liveness.ts";
import type { FleetState } from "../../../worker/fleet/state.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { ask } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const HOUR_MS = 3_600_000;

function granted(): FleetState {
	const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB } }));
	ask(state, { id: "1" });
	return state;
}

/** What the Fleet object does each second. */
function sweep(state: FleetState, dueAt: number, now: number): string[] {
	bearClockJump(state, dueAt, now);
	updateLiveness(state, now);
	return reapLeases(state, now).map(({ job }) => job.requestId);
}

describe.for([
	["forwards", HOUR_MS],
	["backwards", -HOUR_MS],
] as const)("a clock that jumps %s", ([, jumpMs]) => {
	it("takes no place from a request whose machine was heard before", ({ expect }) => {
		const state = granted();
		expect(sweep(state, 1_000, 1_000 + jumpMs)).toEqual([]);
		expect(holdsPlace(state, "1")).toBe(true);
		expect(state.nodes.get("a")?.status).toBe("online");
	});

	it("takes nothing from the time a silent machine has, and adds nothing", ({ expect }) => {
		const state = granted();
		sweep(state, 1_000, 1_000 + jumpMs);
		sweep(state, 30_000 + jumpMs, 30_000 + jumpMs);
		expect(state.nodes.get("a")?.status).toBe("degraded");
		sweep(state, 30_001 + jumpMs, 30_001 + jumpMs);
		expect(state.nodes.get("a")?.status).toBe("offline");
	});

	it("ends leases after the same minute", ({ expect }) => {
		const state = granted();
		expect(sweep(state, 1_000, 1_000 + jumpMs)).toEqual([]);
		expect(sweep(state, 60_000 + jumpMs, 60_000 + jumpMs)).toEqual([]);
		expect(sweep(state, 60_001 + jumpMs, 60_001 + jumpMs)).toEqual(["1"]);
	});
});

it("a look that is merely late moves nothing", ({ expect }) => {
	const state = granted();
	expect(bearClockJump(state, 1_000, 6_000)).toBe(0);
	expect(state.nodes.get("a")?.lastSeenAt).toBe(0);
});
