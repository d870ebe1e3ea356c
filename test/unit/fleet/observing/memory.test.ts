/** What is remembered of the past: bounded, and right at its bounds. */
import { describe, it } from "vitest";
import { DaySums } from "../../../../worker/fleet/observing/day-sums.ts";
import { gatherFacts } from "../../../../worker/fleet/observing/gather.ts";
import { Losses } from "../../../../worker/fleet/observing/losses.ts";
import { recentRequest } from "../../../../worker/fleet/observing/recent-request.ts";
import { Ring } from "../../../../worker/fleet/observing/ring.ts";
import { UsualSpeeds } from "../../../../worker/fleet/observing/usual-speeds.ts";
import { releaseLease } from "../../../../worker/fleet/leases.ts";
import { readSettings } from "../../../../worker/settings.ts";
import { trace } from "../../../worker/build.ts";
import { fleetOf, GB, node } from "../../build-node.ts";
import { served } from "../../health/build-facts.ts";
import { settle } from "../build-fleet.ts";

const MODEL = "llama3.1:8b";
const HOUR_S = 3600;

describe("a ring", () => {
	it("keeps the latest, oldest first", ({ expect }) => {
		const ring = new Ring<number>(3);
		expect(ring.values()).toEqual([]);
		for (const value of [1, 2, 3, 4, 5]) ring.push(value);
		expect(ring.values()).toEqual([3, 4, 5]);
	});
});

describe("the sums of a day", () => {
	it("hold what ended within 24 hours, those known from before too", ({ expect }) => {
		const day = new DaySums();
		const add = (atS: number, facts = {}) => day.add(trace({ timestamp: atS, ...facts }), { loaded: false });
		add(0);
		add(20 * HOUR_S, { status: "failed", retry_count: 2 });
		add(30 * HOUR_S, { time_to_first_token_ms: 30 });
		day.include({ ...day.total(0), part: 20 * 6, requests: 5, failed: 1, firstTokens: 0, firstTokensMs: 0, retries: 0 });
		expect(day.total(30 * HOUR_S * 1000)).toMatchObject({ requests: 7, failed: 2, retries: 2, firstTokens: 2, firstTokensMs: 40 });
		expect(day.total(45 * HOUR_S * 1000)).toMatchObject({ requests: 1 });
	});
});

describe("losses", () => {
	it("are counted once each, and not when the agent was stopped on purpose", ({ expect }) => {
		const member = node({ id: "a" });
		const state = fleetOf(member);
		const losses = new Losses();
		const see = (status: "online" | "degraded" | "offline", at: number, left = false) => {
			Object.assign(member, { status, left });
			losses.look(state, at);
		};
		see("online", 1);
		see("degraded", 2);
		see("offline", 3);
		see("online", 4);
		see("offline", 5, true);
		see("online", 6);
		see("degraded", 7);
		expect(losses.of("a").lostAt).toEqual([2, 7]);
	});
});

describe("a machine's usual speed", () => {
	it("follows slowly, and goes with the machine", ({ expect }) => {
		const speeds = new UsualSpeeds();
		for (let index = 0; index < 50; index++) speeds.add(served({ tokensPerSecond: 50 }));
		for (let index = 0; index < 10; index++) speeds.add(served({ tokensPerSecond: 10 }));
		speeds.add(served({}));
		const [pair] = speeds.all();
		expect(pair).toMatchObject({ nodeId: "alpha", samples: 60 });
		expect(pair?.usualTokensPerSecond).toBeGreaterThan(45);
		speeds.keepOnly(new Map());
		expect(speeds.all()).toEqual([]);
	});

	it("is that of a request that had the machine to itself", ({ expect }) => {
		const member = node({ id: "a", resident: { [MODEL]: 6 * GB }, numParallel: 2 });
		const state = fleetOf(member);
		const speedOf = (id: string) => {
			settle(state, { id });
			const lease = releaseLease(state, id, 1000);
			return recentRequest({ trace: trace(), lease, node: member, measured: { outputTokens: 100, decodeMs: 2000 } }).tokensPerSecond;
		};
		expect(speedOf("alone")).toBe(50);
		member.external = { jobs: 1, since: 0 };
		expect(speedOf("beside somebody else's")).toBeUndefined();
		delete member.external;
		settle(state, { id: "beside" });
		expect(speedOf("shared")).toBeUndefined();
	});
});

describe("the facts", () => {
	it("are read from the state: clocks, names, pins that are missing, who waits longest", ({ expect }) => {
		const member = { ...node({ id: "a", installed: { "Llama3.1:8B": 6 * GB } }), lastSeenAt: 5000 };
		member.beat.sent_at = 65_000;
		const state = fleetOf(member, { ...node({ id: "away" }), status: "offline" as const });
		const pins = {
			env_pins: [],
			per_node: {},
			max_count: 3,
			pins: ["a", "away"].map((node_id) => ({ node_id, model: MODEL, by: "request" as const, resident: false, problem: "too large" })),
			unplaced: ["nowhere:1b"],
		};
		const remembered = { recent: [], speeds: [], records: { refused: false, dropped: 0 }, losses: new Losses(), pins };
		const settings = readSettings({ FLEET_ALIASES: '{"fast":"Qwen3"}' });
		const facts = gatherFacts(state, remembered, settings, 9000);
		expect(facts.nodes.map(({ clockSkewMs }) => clockSkewMs)).toEqual([60_000, undefined]);
		expect(facts.nodes[0]?.installed.map(({ name }) => name)).toEqual([MODEL]);
		expect(facts.aliases).toEqual({ fast: "qwen3:latest" });
		expect(facts.pins.map(({ nodeId, model }) => [nodeId, model])).toEqual([
			["a", MODEL],
			["", "nowhere:1b"],
		]);
	});
});
