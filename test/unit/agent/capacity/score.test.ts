/** The origin's formulas (reference/ollama-herd.md 6.8) with figures worked out by hand, and where ours differ. */
import { describe, it } from "vitest";
import { observe, spreadOf } from "../../../../agent/src/capacity/moments.ts";
import { Recent } from "../../../../agent/src/capacity/recent.ts";
import { availability, confidence, stepFor } from "../../../../agent/src/capacity/score.ts";

const GIB = 1024 ** 3;
const slot = (hours: number, mean: number, m2 = 0) => ({ hours, mean, m2, at: 0 });
const score = (given: Partial<Parameters<typeof availability>[0]>) =>
	Math.round(availability({ history: undefined, load: 0, memory: 0, trend: 0, ...given }) * 1000) / 1000;

describe("availability", () => {
	it("weighs history, present and trend as 0.4, 0.4 and 0.2", ({ expect }) => {
		expect(score({ history: slot(2, 0.5), load: 0.5, memory: 0.5 })).toBe(0.5);
		expect(score({ history: slot(9, 1), load: 1, memory: 1, trend: 1 })).toBe(0);
		expect(score({ history: slot(2, 0), trend: -1 })).toBe(1);
		expect(score({ load: 0.5, memory: 0.5 })).toBe(0.5);
		expect(score({ load: 0.5, memory: 0.5, trend: 1 })).toBe(0.4);
	});

	it("trusts an hour after two weeks, and one that varies less than one that is always the same", ({ expect }) => {
		const busy = (hours: number, m2 = 0) => score({ history: slot(hours, 0.9, m2) });
		expect([busy(0.5), busy(1), busy(2), busy(4)]).toEqual([0.81, 0.72, 0.54, 0.54]);
		expect(busy(2, 0.5)).toBe(0.72);
	});

	it("falls while the load rises: the second half of five minutes against the first", ({ expect }) => {
		const recent = new Recent();
		for (const [index, load] of [0.1, 0.1, 0.3].entries()) recent.add(load, index * 5_000);
		expect(recent.trend).toBe(0);
		recent.add(0.3, 15_000);
		expect(recent.trend).toBeCloseTo(0.4);
		for (let index = 0; index < 500; index++) recent.add(0, 20_000 + index * 1_000);
		expect(recent.trend).toBe(0);
		// What is older than five minutes no longer counts
		recent.add(0.5, 2_000_000);
		expect(recent.trend).toBe(0);
	});
});

it("a mode and the largest model follow from it", ({ expect }) => {
	const step = (value: number, gib = 64) => {
		const { mode, ceilingBytes } = stepFor(value, gib * GIB);
		return [mode, ceilingBytes === undefined ? undefined : ceilingBytes / GIB];
	};
	expect([step(0.19), step(0.2), step(0.4), step(0.6), step(0.8)]).toEqual([
		["paused", undefined],
		["learned_low", 8],
		["learned_medium", 16],
		["learned_high", 32],
		["full", undefined],
	]);
	expect([step(0.2, 512), step(0.4, 512), step(0.6, 512)].map(([, gib]) => gib)).toEqual([16, 32, 64]);
});

it("confidence grows with days and hours", ({ expect }) => {
	expect([confidence(0, 0), confidence(15, 1), confidence(90, 3)]).toEqual([0, 0.5, 1]);
});

it("moments of even hours are the mean and the deviation of what was seen", ({ expect }) => {
	let seen = observe(undefined, 0.2, { hours: 1, at: 0 });
	for (const value of [0.4, 0.6, 0.8]) seen = observe(seen, value, { hours: 1, at: 0 });
	expect(seen.mean).toBeCloseTo(0.5);
	expect(spreadOf(seen)).toBeCloseTo(Math.sqrt(0.05));
	// Half of it is left after fifteen days
	expect(observe(seen, 0.5, { hours: 0.001, at: 15 * 86_400_000 }).hours).toBeCloseTo(2.001);
});
