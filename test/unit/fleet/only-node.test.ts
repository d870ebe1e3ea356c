/** Requests that are kept on one machine, to measure it. */
import { describe, it } from "vitest";
import { enqueue } from "../../../worker/fleet/queue.ts";
import { fleetOf, GB, node, request } from "../build-node.ts";
import { ask, LIMITS, passed } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const resident = { [MODEL]: 5 * GB };

describe("X-Fleet-Only-Node", () => {
	it("keeps each of several requests that are looked at together on its own machine", ({ expect }) => {
		const fleet = fleetOf(node({ id: "fast", resident, bandwidthGbps: 900 }), node({ id: "slow", resident, bandwidthGbps: 50 }));
		for (const onlyNode of ["slow", "fast"]) enqueue(fleet, request({ id: `for-${onlyNode}`, model: MODEL, onlyNode }), LIMITS, 0);
		expect(passed(fleet)).toEqual({ "for-slow": "slow", "for-fast": "fast" });
	});

	it("waits for that machine rather than go to another, and is refused where it can't go there", ({ expect }) => {
		const busy = { ...node({ id: "alpha", resident }), inFlight: new Map([[MODEL, 1]]), jobs: [] };
		const fleet = fleetOf(busy, node({ id: "beta", resident }));
		expect(ask(fleet, { model: MODEL, onlyNode: "nobody" })).toBe("refused");
		expect(ask(fleet, { id: "first", model: MODEL, onlyNode: "beta" })).toBe("beta");
		expect(ask(fleet, { id: "second", model: MODEL, onlyNode: "beta" })).toBe("waits");
	});
});
