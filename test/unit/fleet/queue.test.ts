import { describe, it } from "vitest";
import { releaseLease } from "../../../worker/fleet/leases.ts";
import { fleetOf, GB, node, type NodeFacts } from "../build-node.ts";
import { ask, LIMITS, passed, settle } from "./build-fleet.ts";
import { pass } from "../../../worker/fleet/queue.ts";

const MODEL = "llama3.1:8b";
const hot = (facts: NodeFacts = {}) => node({ resident: { [MODEL]: 6 * GB }, ...facts });
const cold = (facts: NodeFacts = {}) => node({ installed: { [MODEL]: 5 * GB }, ...facts });

describe("the queue", () => {
	it("takes a place in the same step in which it chooses the node", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }));
		expect(ask(state)).toBe("a");
		expect(state.nodes.get("a")?.inFlight.get(MODEL)).toBe(1);
		expect(ask(state, { id: "2" })).toBe("waits");
	});

	it("binds the oldest of equal requests when a place frees", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }));
		for (const [at, id] of ["1", "2", "3"].entries()) ask(state, { id }, {}, at);
		releaseLease(state, "1", 10);
		expect(passed(state, 10)).toEqual({ "2": "a" });
		expect([...state.waiting.keys()]).toEqual(["3"]);
	});

	it("lets no later one overtake equal ones that wait", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }));
		for (const [at, id] of ["1", "2"].entries()) ask(state, { id }, {}, at);
		releaseLease(state, "1", 5);
		expect(ask(state, { id: "3" }, {}, 5)).toBe("waits");
		expect(state.leases.has("2")).toBe(true);
	});

	it("does not hold a request for another model behind them", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }), node({ id: "b", resident: { "other:7b": 4 * GB } }));
		for (const id of ["1", "2"]) ask(state, { id });
		expect(ask(state, { id: "3", model: "other:7b" })).toBe("b");
	});

	it("ends a wait that lasted too long, and one whose last node is gone", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }));
		for (const id of ["1", "2"]) ask(state, { id });
		expect(pass(state, LIMITS, 1001).get("2")).toEqual({ kind: "timed-out", waitedMs: 1001 });
		ask(state, { id: "batch", requestClass: "batch" }, {}, 1001);
		expect(passed(state, 3000)).toEqual({});
		expect(passed(state, 6002)).toEqual({ batch: "timed-out" });
		ask(state, { id: "3" }, {}, 2000);
		const member = state.nodes.get("a");
		if (member) member.status = "offline";
		expect(pass(state, LIMITS, 2001).get("3")).toMatchObject({ kind: "refused", reasons: { a: ["offline"] } });
	});

	it("keeps one request that must avoid a node from holding up others that need not", ({ expect }) => {
		const state = fleetOf(hot({ id: "a" }), hot({ id: "b" }));
		for (const id of ["1", "2"]) ask(state, { id });
		ask(state, { id: "3", excluded: ["a"] });
		ask(state, { id: "4" }, {}, 1);
		releaseLease(state, "1", 2);
		expect(passed(state, 2)).toEqual({ "4": "a" });
	});

	it("prefers the node that already holds the model", ({ expect }) => {
		expect(settle(fleetOf(cold({ id: "cold" }), hot({ id: "hot" })))).toMatchObject({
			node: { nodeId: "hot" },
			decision: { reason: "hot-idle", resident: true },
		});
	});

	it("treats two spellings of one model as the same", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "llama3.2:latest": 2 * GB } }));
		expect(settle(state, { model: "Library/LLAMA3.2" })).toMatchObject({ decision: { nodeId: "a", model: "llama3.2:latest" } });
	});

	it("tells a model that nobody has from one that no node can serve now", ({ expect }) => {
		const state = fleetOf({ ...hot({ id: "away" }), status: "offline" });
		expect(settle(state, { model: "nobody:1b" })).toMatchObject({ kind: "refused", installedAnywhere: false });
		expect(settle(state)).toMatchObject({ kind: "refused", installedAnywhere: true, reasons: { away: ["offline"] } });
	});

	it("sends as many requests to a model as Ollama runs at once, and no more", ({ expect }) => {
		const state = fleetOf(hot({ id: "a", numParallel: 2 }));
		expect(["1", "2", "3"].map((id) => ask(state, { id }))).toEqual(["a", "a", "waits"]);
	});

	it("gives an embedding model one place whatever the setting", ({ expect }) => {
		const state = fleetOf(hot({ id: "a", capabilities: ["embedding"], numParallel: 4 }));
		expect(["1", "2"].map((id) => ask(state, { id, path: "/api/embed" }))).toEqual(["a", "waits"]);
	});

	it("leaves degraded nodes alone while another can serve, full or not", ({ expect }) => {
		const degraded = { ...hot({ id: "quiet" }), status: "degraded" as const };
		expect(ask(fleetOf(degraded, cold({ id: "well" })))).toBe("well");
		const state = fleetOf(degraded, hot({ id: "full" }));
		expect(["1", "2"].map((id) => ask(state, { id }))).toEqual(["full", "waits"]);
		expect(ask(fleetOf(degraded))).toBe("quiet");
	});

	it("forgets what a load pushed out, until a beat says otherwise", ({ expect }) => {
		const full = node({ id: "a", installed: { [MODEL]: 5 * GB, "other:7b": 20 * GB }, resident: { "other:7b": 22 * GB }, gpuGb: 24 });
		const state = fleetOf({ ...full, usableBytes: 24 * GB, maxLoaded: 3 });
		expect(settle(state)).toMatchObject({ decision: { nodeId: "a", victims: ["other:7b"] } });
		expect(state.nodes.get("a")?.resident.has("other:7b")).toBe(false);
	});
});
