/** Weeks of an owner's life, and what the machine makes of them. */
import { describe, it } from "vitest";
import { Learner } from "../../../../agent/src/capacity/learner.ts";
import { Week } from "../../../../agent/src/capacity/week.ts";
import { DAY, draws, GB, HOUR, MINUTE, MONDAY, type OwnerFacts, seen } from "./owner.ts";
import { zoneClock } from "./zone-clock.ts";

const UTC = zoneClock("UTC");
/** A habit: at this hour of this weekday the owner works here. */
type Habit = (weekday: number, hour: number) => boolean;
const MONDAY_MORNING: Habit = (weekday, hour) => weekday === 0 && hour >= 9 && hour < 12;
const FRIDAY_NIGHT: Habit = (weekday, hour) => weekday === 4 && hour >= 20;

function newLearner(at = MONDAY): Learner {
	return new Learner(new Week({ firstAt: at, slots: [] }), UTC);
}

/** Lives on for so many weeks, a little differently each minute. Returns when it ends. */
function live(
	learner: Learner,
	{ weeks, habit, from = MONDAY, seed = 1 }: { weeks: number; habit: Habit; from?: number; seed?: number },
): number {
	const draw = draws(seed);
	const until = from + weeks * 7 * DAY;
	for (let at = from; at < until; at += MINUTE) {
		const { weekday, minute } = UTC(at);
		const isThere = habit(weekday, Math.floor(minute / 60)) ? draw() < 0.9 : draw() < 0.02;
		learner.observe(seen({ isThere, cpu: (isThere ? 0.4 : 0.02) + 0.2 * draw() }), at);
	}
	return until;
}

/** The machine stands still with nobody there: what is expected of this hour alone? */
function reportAt(learner: Learner, instant: number, facts: OwnerFacts = {}) {
	learner.observe(seen(facts), instant);
	return learner.report(instant);
}

describe("the owner's week", () => {
	it("is learned: Monday mornings are the owner's, Tuesday's are not", ({ expect }) => {
		const learner = newLearner();
		const end = live(learner, { weeks: 4, habit: MONDAY_MORNING });
		const { map } = learner.week;
		expect([map[9], map[10], map[11]].every((busy) => (busy ?? 0) > 45)).toBe(true);
		expect(Math.max(...[8, 12, 24 + 9, 24 + 10].map((hour) => map[hour] ?? 100))).toBeLessThan(25);
		const [monday, tuesday] = [reportAt(learner, end + 10 * HOUR), reportAt(learner, end + DAY + 10 * HOUR)];
		expect(tuesday).toMatchObject({ mode: "full", days_observed: 29 });
		expect(monday.mode).toBe("learned_high");
		expect(tuesday.availability_score).toBeGreaterThan((monday.availability_score ?? 1) + 0.1);
		expect(monday.learning_confidence).toBeGreaterThan(0.9);
	});

	it("is forgotten when it changes: in six weeks Friday nights are the owner's, and Monday mornings the fleet's", ({ expect }) => {
		const learner = newLearner();
		const moved = live(learner, { weeks: 6, habit: MONDAY_MORNING });
		live(learner, { weeks: 6, habit: FRIDAY_NIGHT, from: moved, seed: 2 });
		const { map } = learner.week;
		expect(map[10]).toBeLessThan(25);
		expect(map[4 * 24 + 21]).toBeGreaterThan(45);
	});

	it("stays as small after a year as after a week, sleeping months and clocks that jump included", ({ expect }) => {
		const size = (learner: Learner) => JSON.stringify(learner.week.saved).length;
		const learner = newLearner();
		const week = live(learner, { weeks: 1, habit: MONDAY_MORNING });
		const first = size(learner);
		const year = live(learner, { weeks: 8, habit: MONDAY_MORNING, from: week + 300 * DAY });
		live(learner, { weeks: 1, habit: MONDAY_MORNING, from: year - 30 * DAY });
		expect(size(learner)).toBeLessThan(first * 1.2);
		expect(size(learner)).toBeLessThan(25_000);
		expect(learner.week.map.every((busy) => busy !== null && busy >= 0 && busy <= 100)).toBe(true);
	});

	it("goes by the clock on the wall: summer time does not move Monday morning", ({ expect }) => {
		const berlin = zoneClock("Europe/Berlin");
		const learner = new Learner(new Week({ firstAt: 0, slots: [] }), berlin);
		// From three weeks before to three weeks after the night in which the clocks go forward
		const change = Date.UTC(2026, 2, 29, 1);
		for (let now = change - 21 * DAY; now < change + 21 * DAY; now += MINUTE) {
			const { weekday, minute } = berlin(now);
			learner.observe(seen({ isThere: MONDAY_MORNING(weekday, Math.floor(minute / 60)) }), now);
		}
		const { map } = learner.week;
		expect(map.slice(8, 13)).toEqual([2, 60, 60, 60, 2]);
	});
});

describe("the present", () => {
	it("alone counts in the first week", ({ expect }) => {
		const learner = newLearner();
		live(learner, { weeks: 0.9, habit: () => true });
		const report = reportAt(learner, MONDAY + 6.9 * DAY);
		expect(report).toMatchObject({ mode: "bootstrap", days_observed: 6 });
		expect(report.availability_score).toBeGreaterThan(0.6);
	});

	it("leaves a quarter of the memory while the owner is there, and all of it when not", ({ expect }) => {
		const learner = newLearner(MONDAY - 60 * DAY);
		expect(reportAt(learner, MONDAY, { isThere: true })).toMatchObject({
			reason: "owner_active",
			mode: "learned_medium",
			ceiling_bytes: 16 * GB,
		});
		expect(reportAt(learner, MONDAY + 5_000)).not.toHaveProperty("ceiling_bytes");
		expect(reportAt(learner, MONDAY + 10_000, { isThere: true, cardGb: 24 }).ceiling_bytes).toBe(6 * GB);
	});

	it("never takes the fleet's own work for the owner's: GPU and processor at 100 % leave it at full", ({ expect }) => {
		const learner = newLearner(MONDAY - 60 * DAY);
		for (let now = MONDAY; now < MONDAY + HOUR; now += 5_000) {
			learner.observe(seen({ ownWork: true, cpu: 1, gpu: 1, usedGb: 56, models: [42] }), now);
			expect(learner.report(now)).toMatchObject({ mode: "full", reason: "high_availability" });
		}
		expect(learner.week.map[0]).toBe(0);
	});

	it("pauses for a game that lasts two minutes, and for a minute more", ({ expect }) => {
		const learner = newLearner(MONDAY - 60 * DAY);
		const modes = (facts: OwnerFacts, from: number, seconds: number) => {
			let mode = "";
			for (let now = from; now <= from + seconds * 1000; now += 5_000) mode = reportAt(learner, now, facts).mode;
			return mode;
		};
		expect(modes({ gpu: 0.97 }, MONDAY, 110)).not.toBe("paused");
		expect(modes({ gpu: 0.97 }, MONDAY + 115_000, 10)).toBe("paused");
		expect(learner.report(MONDAY + 125_000)).toMatchObject({ reason: "sustained_high_load", availability_score: 0 });
		expect(modes({ gpu: 0.1 }, MONDAY + 130_000, 30)).toBe("paused");
		expect(modes({ gpu: 0.1 }, MONDAY + 165_000, 40)).not.toBe("paused");
	});

	it("does not add up moments between own requests to a game", ({ expect }) => {
		const learner = newLearner(MONDAY - 60 * DAY);
		for (let now = MONDAY; now < MONDAY + HOUR; now += 5_000) {
			// The load of a request that has just ended still shows now and then
			const report = reportAt(learner, now, { ownWork: now % 60_000 !== 0, gpu: 1 });
			expect(report.mode).not.toBe("paused");
		}
	});

	it("does not count the time in which the machine slept", ({ expect }) => {
		const learner = newLearner(MONDAY - 60 * DAY);
		reportAt(learner, MONDAY, { gpu: 1 });
		expect(reportAt(learner, MONDAY + 8 * HOUR, { gpu: 1 }).mode).not.toBe("paused");
	});

	it("pauses on battery", ({ expect }) => {
		expect(reportAt(newLearner(), MONDAY, { battery: true })).toMatchObject({
			mode: "paused",
			reason: "on_battery",
			override_active: false,
		});
	});
});
