/** What a client leaves behind that hangs up early, and that no place stays taken for ever. */
import * as fc from "fast-check";
import { describe, it } from "vitest";
import { applyBeat } from "../../../worker/fleet/beat.ts";
import { reapLeases } from "../../../worker/fleet/leases.ts";
import { afterLeaving, endLease, hungUpEarly } from "../../../worker/fleet/leftover.ts";
import type { FleetState, Lease } from "../../../worker/fleet/state.ts";
import { beat, fleetOf, GB, node } from "../build-node.ts";
import { ask } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const INSTALLED = { [MODEL]: 5 * GB };
const LOADED = { [MODEL]: 6 * GB };

function granted({ cold = false, promptTokens = 100, places = 1 } = {}): { state: FleetState; lease: Lease } {
	const state = fleetOf(node({ id: "a", installed: INSTALLED, ...(!cold && { resident: LOADED }), numParallel: places }));
	ask(state, { id: "1", promptTokens });
	const lease = state.leases.get("1");
	if (!lease) throw new Error("no place was given");
	return { state, lease };
}

/** A beat of the node, `resident` or not, that lists these requests. */
function hear(state: FleetState, now: number, { inFlight = [] as string[], resident = false } = {}): void {
	const member = state.nodes.get("a");
	if (!member) throw new Error("no node");
	applyBeat(state, member, beat({ id: "a", inFlightIds: inFlight, installed: INSTALLED, ...(resident && { resident: LOADED }) }), now);
}

const leave = (state: FleetState, now: number) => endLease(state, "1", { hungUp: true, now });

describe("a client that hangs up while its model is loaded", () => {
	it("leaves its place to the node for as long as beats list the request", ({ expect }) => {
		const { state } = granted({ cold: true });
		expect(leave(state, 1_000)).toMatchObject({ leftover: { work: "load" } });
		expect(leave(state, 1_000)).toBeUndefined();
		for (let now = 5_000; now < 400_000; now += 5_000) {
			hear(state, now, { inFlight: ["1"] });
			expect(reapLeases(state, now)).toEqual([]);
		}
		expect(ask(state, { id: "2" }, {}, 400_000)).toBe("waits");
		hear(state, 400_000);
		expect(state.leases.size).toBe(0);
	});

	it("frees it once the model is in memory", ({ expect }) => {
		const { state } = granted({ cold: true });
		leave(state, 1_000);
		hear(state, 2_000, { inFlight: ["1"], resident: true });
		expect(state.leases.size).toBe(0);
		// The door may list it a moment longer
		expect(state.nodes.get("a")).not.toHaveProperty("external");
	});

	it("frees it after ten minutes, whatever beats say", ({ expect }) => {
		const { state } = granted({ cold: true });
		leave(state, 0);
		hear(state, 599_000, { inFlight: ["1"] });
		expect(reapLeases(state, 600_000)).toEqual([]);
		hear(state, 600_000, { inFlight: ["1"] });
		expect(reapLeases(state, 600_001)).toHaveLength(1);
	});

	it("makes others wait for the load, not for an answer that nobody will read", ({ expect }) => {
		const { state, lease } = granted({ cold: true });
		leave(state, 1_000);
		expect(state.nodes.get("a")?.jobs).toMatchObject([{ estimateS: lease.decision.terms.loadS }]);
	});
});

describe("a client that hangs up while its prompt is read", () => {
	it("leaves the place taken until the batch that Ollama reads to its end is over", ({ expect }) => {
		const { lease } = granted();
		const { prefillS, sharing } = lease.decision.terms;
		expect(afterLeaving(lease, true, 1)).toEqual({ work: "batch", endsAt: prefillS * sharing * 1000 });
		expect(afterLeaving(lease, true, prefillS * sharing * 1000)).toBeUndefined();
	});

	it("does not count batches that Ollama will not begin, nor believe in endless ones", ({ expect }) => {
		const { lease } = granted({ promptTokens: 51_200 });
		const endsAt = (afterLeaving(lease, true, 1)?.endsAt ?? 0) - 1;
		expect(endsAt).toBeCloseTo((lease.decision.terms.prefillS * 1000) / 100, 3);
		const slow = { ...lease, decision: { ...lease.decision, terms: { ...lease.decision.terms, prefillS: 1e6 } } };
		expect(afterLeaving(slow, true, 0)?.endsAt).toBe(30_000);
	});

	it("frees it by the clock: nobody tells", ({ expect }) => {
		const { state } = granted({ promptTokens: 5_000 });
		const endsAt = leave(state, 1)?.leftover?.endsAt ?? 0;
		hear(state, 1, { resident: true });
		expect(reapLeases(state, endsAt)).toEqual([]);
		expect(reapLeases(state, endsAt + 1)).toHaveLength(1);
	});
});

it("only a client that left before the first byte leaves anything behind", ({ expect }) => {
	const attempt = { node_id: "a", duration_ms: 1 };
	const left = { status: "client_disconnected", attempts: [{ ...attempt, failure: "client-gone" }] } as const;
	expect(hungUpEarly({ ...left, attempts: [...left.attempts] })).toBe(true);
	expect(hungUpEarly({ status: "client_disconnected", attempts: [attempt] })).toBe(false);
	expect(hungUpEarly({ status: "client_disconnected", attempts: [] })).toBe(false);
	const { state } = granted({ cold: true });
	expect(endLease(state, "1", { hungUp: false, now: 1 })).not.toHaveProperty("leftover");
	expect(state.leases.size).toBe(0);
});

it("nothing is left to do on a node that is not there", ({ expect }) => {
	const { state } = granted({ cold: true });
	Object.assign(state.nodes.get("a") ?? {}, { status: "offline" });
	leave(state, 1);
	expect(state.leases.size).toBe(0);
});

/** What may happen to places: requests come, end, hang up, and beats list any of them. */
const EVENTS = fc.array(
	fc.record({
		afterMs: fc.integer({ min: 1, max: 20_000 }),
		kind: fc.constantFrom("arrive", "finish", "hang-up", "beat"),
		id: fc.integer({ min: 1, max: 6 }).map(String),
		listed: fc.subarray(["1", "2", "3", "4", "5", "6"]),
		resident: fc.boolean(),
	}),
	{ maxLength: 60 },
);

it("every place is given back once its holder has ended, and the node's figures agree with the leases at every step", ({ expect }) => {
	fc.assert(
		fc.property(EVENTS, (events) => {
			const state = fleetOf(node({ id: "a", installed: INSTALLED, numParallel: 3 }));
			const member = state.nodes.get("a");
			const ended = new Set<string>();
			let now = 0;
			for (const { afterMs, kind, id, listed, resident } of events) {
				now += afterMs;
				if (kind === "arrive" && !state.leases.has(id) && !state.waiting.has(id)) {
					ended.delete(id);
					ask(state, { id }, {}, now);
				}
				if (kind === "finish" || kind === "hang-up") {
					endLease(state, id, { hungUp: kind === "hang-up", now });
					ended.add(id);
				}
				if (kind === "beat") hear(state, now, { inFlight: listed, resident });
				reapLeases(state, now);
				expect(member?.jobs.map(({ requestId }) => requestId).toSorted()).toEqual([...state.leases.keys()].toSorted());
				expect(member?.inFlight.get(MODEL) ?? 0).toBe(state.leases.size);
				expect(member?.occupancy.running).toBe(state.leases.size);
			}
			// Whatever the beats go on to list, nothing of those that ended is left
			for (let beats = 0; beats < 130; beats++) {
				now += 5_000;
				hear(state, now, { inFlight: ["1", "2", "3", "4", "5", "6"] });
				reapLeases(state, now);
			}
			expect([...state.leases.keys()].filter((id) => ended.has(id))).toEqual([]);
			reapLeases(state, now + 60_001);
			expect([...state.leases.keys()]).toEqual([]);
		}),
	);
});
