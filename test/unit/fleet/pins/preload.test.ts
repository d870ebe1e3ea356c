import { describe, it } from "vitest";
import { choosePreloads, hasFreeRoom, scoreOf } from "../../../../worker/fleet/pins/choose-preloads.ts";
import { Preloader } from "../../../../worker/fleet/pins/preloader.ts";
import { BIG, LLAMA, pinNode, QWEN } from "./build-pins.ts";
import { fleetOf } from "../../build-node.ts";

const installed = { [LLAMA]: 5, [QWEN]: 6, [BIG]: 43 };
const used = (model: string, day: number, week = day, latest = 1000) => ({ model, day, week, latest });
const rules = { maxPerNode: 3, leastScore: 1, since: 0 };

describe("the most used models", () => {
	it("are weighed as the origin weighs them", ({ expect }) => {
		expect(scoreOf({ day: 2, week: 10 })).toBe(7.4);
	});

	it("go into memory that is free, the most used first, one copy of each", ({ expect }) => {
		const nodes = [pinNode({ id: "a", usableGib: 16, totalGb: 64, installed }), pinNode({ id: "b", usableGib: 9, totalGb: 64, installed })];
		expect(choosePreloads([used(LLAMA, 1), used(QWEN, 9), used(BIG, 99)], nodes, rules)).toEqual([
			{ nodeId: "a", model: QWEN },
			{ nodeId: "a", model: LLAMA },
		]);
	});

	it("never push anything out", ({ expect }) => {
		const crowded = pinNode({ usableGib: 16, installed, resident: { [QWEN]: 10 } });
		expect(choosePreloads([used(LLAMA, 9)], [crowded], rules)).toEqual([]);
		const counted = pinNode({ usableGib: 99, installed, resident: { [QWEN]: 6 }, maxLoaded: 1 });
		expect(choosePreloads([used(LLAMA, 9)], [counted], rules)).toEqual([]);
	});

	it("leave memory to other programs, and a machine that is short of it alone", ({ expect }) => {
		expect(hasFreeRoom(pinNode({ usableGib: 50, availableGb: 6, installed }), LLAMA, 3)).toBe(false);
		expect(hasFreeRoom(pinNode({ usableGib: 50, availableGb: 7, installed }), LLAMA, 3)).toBe(true);
		expect(hasFreeRoom(pinNode({ usableGib: 50, installed, pressure: "warn" }), LLAMA, 3)).toBe(false);
		expect(hasFreeRoom(pinNode({ usableGib: 50, installed, status: "degraded" }), LLAMA, 3)).toBe(false);
	});

	it("fill a node only up to the count, what is there already counted", ({ expect }) => {
		const node = pinNode({ usableGib: 99, installed, resident: { [BIG]: 1 } });
		expect(choosePreloads([used(LLAMA, 9), used(QWEN, 8)], [node], { ...rules, maxPerNode: 2 })).toEqual([
			{ nodeId: "alpha", model: LLAMA },
		]);
	});

	it("are not those that are in memory somewhere, hardly used, or not lately", ({ expect }) => {
		const holder = pinNode({ id: "a", resident: { [LLAMA]: 5 } });
		const other = pinNode({ id: "b", usableGib: 50, installed });
		expect(choosePreloads([used(LLAMA, 9)], [holder, other], rules)).toEqual([]);
		expect(choosePreloads([used(QWEN, 0, 6)], [other], rules)).toEqual([]);
		expect(choosePreloads([used(QWEN, 9)], [other], { ...rules, since: 2000 })).toEqual([]);
	});
});

describe("the preloader", () => {
	const state = fleetOf(pinNode({ usableGib: 99, installed }));

	function preloader(usage = [used(LLAMA, 9)]) {
		const asked: number[] = [];
		const made = new Preloader({
			maxPerNode: 3,
			startedAt: 0,
			usage: async (until) => {
				asked.push(until);
				return usage;
			},
		});
		const tick = (now: number, isReady = true) => made.tick(state, { now, isReady });
		return { made, asked, tick };
	}

	it("waits for the nodes, but not for ever, then asks once and again every ten minutes", ({ expect }) => {
		const { asked, tick } = preloader();
		for (const now of [1_000, 59_000]) tick(now, false);
		tick(61_000, false);
		tick(63_000, false);
		expect(asked).toEqual([]);
		tick(64_000, false);
		tick(65_000);
		tick(663_000);
		expect(asked, "of the time before the start").toEqual([0]);
		tick(664_000);
		expect(asked).toEqual([0, 664_000]);
	});

	it("wishes for each model once, and not for what has no room any more", async ({ expect }) => {
		const { made, tick } = preloader([used(LLAMA, 9), used(QWEN, 8)]);
		for (const now of [0, 3_000]) tick(now);
		await Promise.resolve();
		expect(made.take(state, "alpha")).toBe(LLAMA);
		expect(made.take(fleetOf(pinNode({ usableGib: 1, installed })), "alpha")).toBeUndefined();
		expect(made.take(state, "alpha")).toBeUndefined();
	});
});
