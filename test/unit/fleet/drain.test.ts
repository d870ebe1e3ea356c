/** Out of service and back, by the router's word or the node's own; and work that only the node knows of. */
import { describe, it } from "vitest";
import { applyBeat } from "../../../worker/fleet/beat.ts";
import { drainedOf, setDrained, type Speaker } from "../../../worker/fleet/drain.ts";
import { releaseLease } from "../../../worker/fleet/leases.ts";
import { receiveBeat } from "../../../worker/fleet/membership.ts";
import { replyTo } from "../../../worker/fleet/reply.ts";
import type { FleetState, NodeRecord } from "../../../worker/fleet/state.ts";
import { beat, fleetOf, GB, node, type NodeFacts } from "../build-node.ts";
import { ask, passed } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const WARM = { resident: { [MODEL]: 6 * GB } };

function member(state: FleetState, nodeId: string): NodeRecord {
	const found = state.nodes.get(nodeId);
	if (!found) throw new Error(`no node ${nodeId}`);
	return found;
}

function drain(state: FleetState, nodeId: string, draining = true, by: Speaker = "admin") {
	return setDrained(state, { node_id: nodeId, draining }, by);
}

describe("a drained node", () => {
	it("gets nothing new, and what waited for it goes elsewhere", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }), node({ id: "b", installed: { [MODEL]: 5 * GB } }));
		expect(ask(state, { id: "1" })).toBe("a");
		drain(state, "a");
		expect(ask(state, { id: "2" })).toBe("b");
		expect(ask(state, { id: "3" })).toBe("waits");
		releaseLease(state, "1", 1);
		expect(passed(state, 1)).toEqual({});
		drain(state, "a", false);
		expect(passed(state, 2)).toEqual({ 3: "a" });
	});

	it("is named as the reason when there is no other", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		drain(state, "a");
		expect(drainedOf(member(state, "a"))).toEqual({ blockedBy: ["draining"], running: 0 });
		expect(ask(state, { id: "1" })).toBe("refused");
	});

	it("stays so over beats and a new join, and is told so", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		drain(state, "a");
		applyBeat(state, member(state, "a"), beat({ id: "a", ...WARM }), 5_000);
		expect(replyTo(member(state, "a"), undefined).body).toMatchObject({ status: "draining" });
		const presented = { secret: undefined, token: "token" };
		receiveBeat(state, beat({ id: "a", ...WARM }), { presented, joinToken: "token", now: 6_000, makeSecret: () => "new" });
		expect(member(state, "a")).toMatchObject({ secret: "new", drained: true });
	});

	it("is resumed by the node's own word or the admin's, and by nobody else's", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		expect(drain(state, "nobody")).toBeUndefined();
		expect(drain(state, "a", true, { secret: undefined })).toBeUndefined();
		expect(drain(state, "a", true, { secret: "wrong" })).toBeUndefined();
		expect(member(state, "a").drained).toBe(false);
		expect(drain(state, "a", true, { secret: "secret-of-a" })).toMatchObject({ drained: true });
		expect(drain(state, "a", false, { secret: "secret-of-a" })).toMatchObject({ drained: false });
	});
});

describe("requests at work on a node that have no lease here", () => {
	const hear = (state: FleetState, now: number, atWork: string[], facts: NodeFacts = {}) =>
		applyBeat(state, member(state, "a"), { ...beat({ id: "a", ...WARM, ...facts }), in_flight: atWork, at_work: atWork }, now);

	it("count as work that did not come through the router, until beats no longer list them", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM, numParallel: 2 }));
		ask(state, { id: "known" });
		hear(state, 5_000, ["known", "of the router before"]);
		expect(member(state, "a").external).toEqual({ jobs: 1, since: 5_000 });
		hear(state, 10_000, ["known"]);
		expect(member(state, "a")).not.toHaveProperty("external");
	});

	it("do not when they ended while the beat was under way", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		ask(state, { id: "1" });
		releaseLease(state, "1", 5_000);
		hear(state, 5_001, ["1"]);
		expect(member(state, "a")).not.toHaveProperty("external");
		hear(state, 15_001, ["1"]);
		expect(member(state, "a").external).toMatchObject({ jobs: 1 });
	});

	it("do not when they are no work, and those of the last seconds alone are remembered", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		applyBeat(state, member(state, "a"), { ...beat({ id: "a", ...WARM }), in_flight: ["a pull"] }, 1);
		expect(member(state, "a")).not.toHaveProperty("external");
		for (let index = 0; index < 100; index++) {
			ask(state, { id: String(index) }, {}, index * 1_000);
			releaseLease(state, String(index), index * 1_000);
		}
		expect(state.ended.size).toBe(11);
	});
});
