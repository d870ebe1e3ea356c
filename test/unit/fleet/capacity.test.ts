/** What an owner leaves to the fleet, and what the router makes of it. */
import { describe, it } from "vitest";
import { applyBeat, needsWeek } from "../../../worker/fleet/beat.ts";
import { capacitySnapshot, nodeCapacity } from "../../../worker/fleet/capacity-report.ts";
import { updateLiveness } from "../../../worker/fleet/liveness.ts";
import { receiveBeat } from "../../../worker/fleet/membership.ts";
import { replyTo } from "../../../worker/fleet/reply.ts";
import { setPaused } from "../../../worker/fleet/pauses.ts";
import type { CapacityReport } from "../../../worker/protocol/capacity.ts";
import { nodeReasons, reasonsAgainst } from "../../../worker/routing/eligibility.ts";
import { score } from "../../../worker/routing/score.ts";
import { candidateOf } from "../../../worker/routing/candidate.ts";
import { beat, fleetOf, GB, node, request } from "../build-node.ts";
import { ask, passed } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const WARM = { resident: { [MODEL]: 6 * GB } };
const COLD = { installed: { [MODEL]: 5 * GB } };
const learned = (more: Partial<CapacityReport> = {}): CapacityReport => ({
	mode: "learned_medium",
	reason: "owner_active",
	override_active: false,
	availability_score: 0.45,
	learning_confidence: 0.8,
	days_observed: 20,
	...more,
});
const PAUSED = { mode: "paused", override_active: true, reason: "paused_by_owner" } as const;

describe("a node that its owner keeps", () => {
	it("gets no work, and is named as the reason", ({ expect }) => {
		expect(nodeReasons(node({ capacity: learned(PAUSED) }))).toEqual(["paused"]);
		expect(nodeReasons(node({ capacity: learned({ mode: "paused", reason: "sustained_high_load" }) }))).toEqual(["capacity-paused"]);
		for (const mode of ["bootstrap", "learned_low", "full"] as const)
			expect(nodeReasons(node({ capacity: learned({ mode }) }))).toEqual([]);
		const state = fleetOf(node({ id: "a", ...WARM, capacity: learned(PAUSED) }), node({ id: "b", ...COLD }));
		expect(ask(state, { id: "1" })).toBe("b");
	});

	it("hands what waits for it to others, and takes work again with the beat that says so", ({ expect }) => {
		const a = node({ id: "a", ...WARM });
		const state = fleetOf(a);
		expect([ask(state, { id: "1" }), ask(state, { id: "2" })]).toEqual(["a", "waits"]);
		applyBeat(state, a, beat({ id: "a", ...WARM, capacity: learned(PAUSED) }), 1);
		expect(passed(state, 1)).toEqual({ 2: "refused" });
		applyBeat(state, a, beat({ id: "a", ...WARM, inFlightIds: ["1"] }), 2);
		expect(ask(state, { id: "3" }, {}, 2)).toBe("waits");
	});
});

describe("a beat that pauses or ends a pause", () => {
	it("is kept for a router that starts anew, others of its kind are not", ({ expect }) => {
		const a = node({ id: "a", ...WARM });
		const state = fleetOf(a);
		const isKept = (capacity?: CapacityReport) => applyBeat(state, a, beat({ id: "a", ...WARM, capacity }), 1);
		expect([isKept(learned()), isKept(learned(PAUSED)), isKept(learned(PAUSED)), isKept(learned())]).toEqual([false, true, false, true]);
		expect([isKept(learned({ max_places: 1 })), isKept(learned({ max_places: 1, availability_score: 0.1 }))]).toEqual([true, false]);
	});
});

describe("a ceiling", () => {
	const against = (ceilingGb: number, facts = COLD) =>
		reasonsAgainst(node({ ...facts, capacity: learned({ ceiling_bytes: ceilingGb * GB }) }), MODEL, request());

	it("keeps larger models from being loaded, not those in memory from answering", ({ expect }) => {
		expect(against(4)).toEqual(["over-ceiling"]);
		expect(against(8)).toEqual([]);
		expect(against(4, { ...COLD, ...WARM })).toEqual([]);
	});

	it("of places holds over all models and classes", ({ expect }) => {
		const other = "qwen3:8b";
		const resident = { [MODEL]: 6 * GB, [other]: 6 * GB };
		const state = (maxPlaces?: number) =>
			fleetOf(node({ id: "a", resident, numParallel: 4, ...(maxPlaces && { capacity: learned({ max_places: maxPlaces }) }) }));
		const asked = (fleet: ReturnType<typeof state>) => [MODEL, MODEL, other].map((model, id) => ask(fleet, { id: String(id), model }));
		expect(asked(state())).toEqual(["a", "a", "a"]);
		expect(asked(state(2))).toEqual(["a", "a", "waits"]);
		expect(asked(state(1))).toEqual(["a", "waits", "waits"]);
	});
});

describe("the points for availability", () => {
	const points = (capacity?: CapacityReport) =>
		score(candidateOf(node({ ...COLD, ...(capacity && { capacity }) }), MODEL), {
			now: 0,
			promptTokens: 0,
			medianBandwidthGbps: undefined,
		});

	it("are ten times the score, and none where nothing is learned", ({ expect }) => {
		expect(points(learned({ availability_score: 0.83 })).availability_trend).toBe(8.3);
		expect(points().availability_trend).toBe(0);
	});

	it("come with a fit that is measured by what the owner leaves", ({ expect }) => {
		expect(points(learned({ ceiling_bytes: 6 * GB })).memory_fit).toBe(3);
		expect(points(learned()).memory_fit).toBe(20);
	});
});

describe("the router's pause", () => {
	it("ends by itself, and stands before what the agent says", ({ expect }) => {
		const a = node({ id: "a", ...WARM, capacity: learned() });
		const state = fleetOf(a);
		setPaused(a, 10, 1_000);
		expect(nodeReasons(a)).toEqual(["paused"]);
		expect(capacitySnapshot(a)).toMatchObject({ mode: "paused", reason: "paused_at_router", until: 11, availability_score: 0.45 });
		expect([updateLiveness(state, 10_999), nodeReasons(a)]).toEqual([false, ["paused"]]);
		expect([updateLiveness(state, 11_000), nodeReasons(a)]).toEqual([true, []]);
	});
});

describe("the router's pause of a machine that joins again", () => {
	it("holds", ({ expect }) => {
		const a = node({ id: "a", ...WARM });
		const state = fleetOf(a);
		setPaused(a, undefined, 0);
		const presented = { secret: undefined, token: "token" };
		receiveBeat(state, beat({ id: "a", ...WARM }), { presented, joinToken: "token", now: 1, makeSecret: () => "new" });
		expect(state.nodes.get("a")).toMatchObject({ secret: "new", pause: {} });
	});
});

describe("the owner's week", () => {
	const week = Array.from({ length: 168 }, (_, hour) => (hour < 24 ? 60 : null));
	const hear = (state: ReturnType<typeof fleetOf>, capacity: CapacityReport | undefined) => {
		const a = state.nodes.get("a") ?? node();
		applyBeat(state, a, beat({ id: "a", ...WARM, capacity }), 1);
		return a;
	};

	it("is asked for once, kept while beats leave it out, and gone when nothing is learned any more", ({ expect }) => {
		const state = fleetOf(node({ id: "a", ...WARM }));
		expect(needsWeek(hear(state, undefined))).toBe(false);
		expect(replyTo(hear(state, learned()), undefined).body).toMatchObject({ need_week: true });
		expect(replyTo(hear(state, learned({ week })), undefined).body).not.toHaveProperty("need_week");
		expect(hear(state, learned({ week })).beat.capacity).not.toHaveProperty("week");
		const told = hear(state, learned());
		expect(nodeCapacity(told)).toMatchObject({ node_id: "a", week, capacity: { mode: "learned_medium", is_learning: true } });
		expect(nodeCapacity(hear(state, undefined))).toEqual({ node_id: "a", week: null, capacity: null });
	});

	it("of a machine that nobody has let in is not kept", ({ expect }) => {
		const state = fleetOf();
		const context = { presented: { secret: undefined, token: undefined }, joinToken: "token", now: 0, makeSecret: () => "s" };
		receiveBeat(state, beat({ id: "x", capacity: learned({ week }) }), context);
		expect(state.pending.get("x")).not.toHaveProperty("week");
	});
});
