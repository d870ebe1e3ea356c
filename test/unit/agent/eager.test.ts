import { describe, it } from "vitest";
import { eagerly, residencyOf } from "../../../agent/src/heartbeat/eager.ts";
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";

const report = (...names: string[]): OllamaReport => ({
	state: "running",
	settings: {},
	models_loaded: names.map((name) => ({ name, size: 1 })),
});

/** A clock that stands still: pauses end when the test says so. */
function stoppedClock() {
	const pauses: { ms: number; end: () => void }[] = [];
	let now = 10_000;
	return {
		pauses,
		async advance(ms: number) {
			now += ms;
			for (const pause of pauses.splice(0)) pause.end();
			await new Promise((resolve) => setImmediate(resolve));
		},
		clock: { now: () => now, random: () => 0, pause: (ms: number) => new Promise<void>((end) => void pauses.push({ ms, end })) },
	};
}

describe("beating early", () => {
	it("looks once for many activities, and at most once a second", async ({ expect }) => {
		const { clock, pauses, advance } = stoppedClock();
		const told: OllamaReport[] = [];
		const noteActivity = eagerly({
			look: async () => report("a"),
			tell: (seen) => told.push(seen),
			clock,
			signal: new AbortController().signal,
		});
		for (let times = 0; times < 50; times++) noteActivity();
		expect(pauses.map(({ ms }) => ms)).toEqual([100]);
		await advance(100);
		expect(told).toHaveLength(1);
		noteActivity();
		expect(pauses.map(({ ms }) => ms)).toEqual([1000]);
	});

	it("is silent after the agent was stopped", async ({ expect }) => {
		const { clock, advance } = stoppedClock();
		const ended = new AbortController();
		let looks = 0;
		const noteActivity = eagerly({ look: async () => (looks++, report()), tell: () => undefined, clock, signal: ended.signal });
		noteActivity();
		ended.abort();
		await advance(100);
		expect(looks).toBe(0);
	});

	it("takes reports for alike that list the same models in another order", ({ expect }) => {
		expect(residencyOf(report("a", "b"))).toBe(residencyOf(report("b", "a")));
		expect(residencyOf(report("a"))).not.toBe(residencyOf(report("a", "b")));
	});
});
