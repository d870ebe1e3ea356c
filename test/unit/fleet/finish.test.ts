import { describe, it } from "vitest";
import { recordFinish } from "../../../worker/fleet/finish.ts";
import { releaseLease } from "../../../worker/fleet/leases.ts";
import type { FleetState } from "../../../worker/fleet/state.ts";
import type { Measured } from "../../../worker/protocol/measured.ts";
import { pairOf } from "../../../worker/routing/estimate/estimates.ts";
import { expectedTokens } from "../../../worker/routing/estimate/output.ts";
import { chainMarks } from "../../../worker/routing/rule/prefix-marks.ts";
import { trace } from "../../worker/build.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { settle } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const TALK = ["Be terse", "A long story", "An answer", "And then?"].map((text, index) => ({ role: String(index % 2), text, tokens: 500 }));
const talk = (turns: number) => ({ marks: chainMarks(TALK.slice(0, turns), "s"), promptTokens: 500 * turns });

/** One request from its place to its end, `measured` as its counters would say. */
function serve(state: FleetState, facts: Parameters<typeof settle>[1] = {}, measured: Measured = {}, at = 0) {
	const placed = settle(state, { app: "app", ...facts }, {}, at);
	const lease = releaseLease(state, facts.id ?? "request-1", at + 1000);
	if (lease) recordFinish(state, lease, trace({ timestamp: (at + 1000) / 1000 }), measured);
	return placed?.kind === "assigned" ? placed.decision : undefined;
}

/** Long enough for the first guess to be forgotten. */
function learned(): FleetState {
	const state = hot();
	for (let at = 0; at < 30; at++) serve(state, {}, read(1000), at * 1000);
	return state;
}

const hot = () => fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB } }));
const read = (promptTokens: number, tokensPerSecond = 1000) => ({ promptTokens, prefillMs: (promptTokens / tokensPerSecond) * 1000 });

describe("a finished request", () => {
	it("teaches the node's rates and the length of the app's answers", ({ expect }) => {
		const state = hot();
		for (let at = 0; at < 40; at++) serve(state, {}, { ...read(1000), outputTokens: 80, decodeMs: 2000 }, at * 10_000);
		expect(pairOf(state.knowledge.estimates, "a", MODEL)?.decodeTokensPerSecond?.value).toBeCloseTo(40, 0);
		expect(pairOf(state.knowledge.estimates, "a", MODEL)?.prefillTokensPerSecond?.value).toBeCloseTo(1000, -2);
		expect(Math.abs(expectedTokens(state.knowledge.estimates, "app", MODEL) - 80)).toBeLessThan(8);
		expect(state.learned.has("a")).toBe(true);
	});

	it("counts for the speed of a machine to itself when another ran beside it", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB }, numParallel: 2 }));
		for (let at = 0; at < 30; at++) {
			settle(state, { id: "beside" }, {}, at * 10_000);
			serve(state, {}, { outputTokens: 100, decodeMs: 5000 }, at * 10_000);
			releaseLease(state, "beside", at * 10_000 + 1000);
		}
		expect(pairOf(state.knowledge.estimates, "a", MODEL)?.decodeTokensPerSecond?.value).toBeCloseTo(40, 0);
	});

	it("leaves the beginning of its prompt known there", ({ expect }) => {
		const state = hot();
		serve(state, talk(2), read(1000));
		expect(serve(state, { ...talk(4), id: "2" }, {}, 5000)).toMatchObject({ reason: "only-node", terms: { knownTokens: 1000 } });
	});

	it("keeps remembered tokens out of the rate of reading", ({ expect }) => {
		const state = learned();
		serve(state, talk(2), read(1000), 100_000);
		serve(state, talk(4), { promptTokens: 2000, prefillMs: 1000 }, 110_000);
		expect(pairOf(state.knowledge.estimates, "a", MODEL)?.prefillTokensPerSecond?.value).toBeCloseTo(1000, -2);
	});

	it("shows that the node had forgotten, and what is believed known is taken back", ({ expect }) => {
		const state = learned();
		serve(state, talk(2), read(1000), 100_000);
		serve(state, { ...talk(2), id: "other", marks: chainMarks([{ role: "u", text: "other", tokens: 900 }], "s") }, read(1000), 105_000);
		serve(state, talk(4), { promptTokens: 2000, prefillMs: 2000 }, 110_000);
		expect(pairOf(state.knowledge.estimates, "a", MODEL)?.prefillTokensPerSecond?.value).toBeCloseTo(1000, -2);
		expect(serve(state, { ...talk(3), id: "again" }, {}, 120_000)?.terms.knownTokens).toBeGreaterThan(0);
		expect(state.knowledge.prefixes.conversations("a", MODEL).length).toBeLessThan(3 + 6);
	});

	it("teaches nothing when it failed", ({ expect }) => {
		const state = hot();
		settle(state);
		const lease = releaseLease(state, "request-1", 1000);
		if (lease) recordFinish(state, lease, trace({ status: "failed" }), { outputTokens: 100, decodeMs: 1000 });
		expect(pairOf(state.knowledge.estimates, "a", MODEL)).toBeUndefined();
	});
});
