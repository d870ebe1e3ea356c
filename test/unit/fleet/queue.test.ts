import { describe, it } from "vitest";
import { releaseLease } from "../../../worker/fleet/leases.ts";
import { acquire, pass } from "../../../worker/fleet/queue.ts";
import { fleetOf, GB, node, request } from "../build-node.ts";

const MODEL = "llama3.1:8b";
const LIMITS = { maxWaiting: 2, timeoutMs: 1000, aliases: {}, contextProtection: "strip" as const };
const hot = (id: string, numParallel = 1) => node({ id, resident: { [MODEL]: 6 * GB }, numParallel });

describe("the queue", () => {
	it("takes a place in the same step in which it chooses the node", ({ expect }) => {
		const state = fleetOf(hot("a"));
		expect(acquire(state, request(), LIMITS, 0)).toMatchObject({ kind: "assigned", nodeId: "a" });
		expect(state.nodes.get("a")?.inFlight.get(MODEL)).toBe(1);
		expect(acquire(state, request({ id: "2" }), LIMITS, 0)).toEqual({ kind: "waiting" });
	});

	it("binds the oldest waiting request when a place frees", ({ expect }) => {
		const state = fleetOf(hot("a"));
		for (const id of ["1", "2", "3"]) acquire(state, request({ id }), LIMITS, 0);
		releaseLease(state, "1");
		expect(pass(state, LIMITS, 10)).toMatchObject([{ requestId: "2", result: { kind: "assigned", nodeId: "a" } }]);
		expect([...state.waiting.keys()]).toEqual(["3"]);
	});

	it("lets nobody overtake those who wait for the same model", ({ expect }) => {
		const state = fleetOf(hot("a"));
		for (const id of ["1", "2"]) acquire(state, request({ id }), LIMITS, 0);
		releaseLease(state, "1");
		expect(acquire(state, request({ id: "3" }), LIMITS, 0)).toEqual({ kind: "waiting" });
		expect(pass(state, LIMITS, 0).map(({ requestId }) => requestId)).toEqual(["2"]);
	});

	it("does not hold a request for another model behind them", ({ expect }) => {
		const state = fleetOf(hot("a"), node({ id: "b", resident: { "other:7b": 4 * GB } }));
		for (const id of ["1", "2"]) acquire(state, request({ id }), LIMITS, 0);
		expect(acquire(state, request({ id: "3", model: "other:7b" }), LIMITS, 0)).toMatchObject({ kind: "assigned", nodeId: "b" });
	});

	it("refuses at once when too many wait", ({ expect }) => {
		const state = fleetOf(hot("a"));
		for (const id of ["1", "2", "3"]) acquire(state, request({ id }), LIMITS, 0);
		expect(acquire(state, request({ id: "4" }), LIMITS, 0)).toEqual({ kind: "queue-full", waiting: 2 });
	});

	it("ends a wait that lasted too long, and one whose last node is gone", ({ expect }) => {
		const state = fleetOf(hot("a"));
		for (const id of ["1", "2"]) acquire(state, request({ id }), LIMITS, 0);
		expect(pass(state, LIMITS, 1001)).toEqual([{ requestId: "2", result: { kind: "timed-out", waitedMs: 1001 } }]);
		acquire(state, request({ id: "3" }), LIMITS, 2000);
		const member = state.nodes.get("a");
		if (member) member.status = "offline";
		expect(pass(state, LIMITS, 2001)).toMatchObject([{ requestId: "3", result: { kind: "refused", reasons: { a: ["offline"] } } }]);
	});

	it("keeps one request that must avoid a node from holding up others that need not", ({ expect }) => {
		const state = fleetOf(hot("a"), hot("b"));
		for (const id of ["1", "2"]) acquire(state, request({ id }), LIMITS, 0);
		acquire(state, request({ id: "3", excluded: ["a"] }), LIMITS, 0);
		acquire(state, request({ id: "4" }), LIMITS, 0);
		releaseLease(state, "1");
		expect(pass(state, LIMITS, 0)).toMatchObject([{ requestId: "4", result: { nodeId: "a" } }]);
	});
});
