import { describe, it } from "vitest";
import { limitWords } from "../../../dashboard/src/nodes/capacity-words.ts";
import { nodeState } from "../../../dashboard/src/nodes/node-words.ts";
import { troublesOf } from "../../../dashboard/src/nodes/trouble-words.ts";
import { hourWords, weekWords } from "../../../dashboard/src/nodes/week-words.ts";
import type { CapacitySnapshot } from "../../../worker/protocol/capacity.ts";
import { nodeSnapshot } from "./node-snapshot.ts";

const NOW = new Date(2026, 0, 5, 9, 0).getTime();
const capacity = (given: Partial<CapacitySnapshot>): CapacitySnapshot => ({
	mode: "paused",
	ceiling_gb: 0,
	availability_score: 0,
	reason: "paused_by_owner",
	override_active: true,
	learning_confidence: 0,
	days_observed: 0,
	is_learning: false,
	...given,
});
const until = (day: number, hour: number) => new Date(2026, 0, day, hour, 0).getTime() / 1000;

describe("a pause", () => {
	it.for([
		[{ until: until(5, 18) }, "Paused by its owner until 18:00."],
		[{ until: until(6, 7) }, "Paused by its owner until Tue 07:00."],
		[{ until: until(25, 7) }, "Paused by its owner until 25 Jan 07:00."],
		[{}, "Paused by its owner."],
		[{ reason: "paused_at_router", until: until(5, 18) }, "Paused at the router until 18:00."],
		[{ reason: "quiet_hours", until: until(5, 18) }, "Its owner's quiet hours until 18:00."],
		[{ reason: "of_a_later_agent" }, "Paused: of a later agent."],
	] as const)("%j reads %s", ([given, words], { expect }) => {
		const node = nodeSnapshot({ blocked_by: ["paused"], capacity: capacity(given) });
		expect(troublesOf(node, NOW)[0]?.what).toBe(words);
		expect(nodeState(node)).toEqual({ tone: "resting", words: "takes no new work" });
	});

	it("says how to end it where somebody can", ({ expect }) => {
		const commandOf = (reason: string) =>
			troublesOf(nodeSnapshot({ blocked_by: ["paused"], capacity: capacity({ reason }) }), NOW)[0]?.command;
		expect(commandOf("paused_by_owner")).toBe("npm run agent -- resume");
		expect(commandOf("paused_at_router")).toBe("npm start -- nodes resume mac-studio");
		expect(commandOf("quiet_hours")).toBeUndefined();
	});
});

it("what an owner keeps is told in one line, and nothing when that is nothing", ({ expect }) => {
	const words = (given: Partial<CapacitySnapshot>) => limitWords(nodeSnapshot({ capacity: capacity({ mode: "learned_low", ...given }) }));
	expect(words({ reason: "owner_active", ceiling_gb: 16 })).toBe("Its owner is there: it loads models up to 16 GB.");
	expect(words({ reason: "low_availability", ceiling_gb: 8, max_places: 1 })).toBe(
		"It loads models up to 8 GB and takes 1 request at once.",
	);
	expect(words({ reason: "high_availability", mode: "full" })).toBeUndefined();
	expect(limitWords(nodeSnapshot())).toBeUndefined();
});

describe("a week", () => {
	const week = (busy: Record<number, number>) => Array.from({ length: 168 }, (_, hour) => busy[hour] ?? 5);

	it("is summed up by the hours that usually are the owner's", ({ expect }) => {
		expect(weekWords(week({ 9: 60, 10: 70, 11: 50, 14: 90, 23: 80, 24: 80, 167: 51 }))).toBe(
			"Usually its owner's: Mon 9–12, Mon 14–15, Mon 23–24, Tue 0–1, Sun 23–24.",
		);
		expect(weekWords(week({ 9: 49 }))).toBe("No hour is usually its owner's.");
		expect(weekWords(Array.from({ length: 168 }, () => null))).toBe("Nothing has been seen of its week yet.");
	});

	it("is told hour by hour on demand", ({ expect }) => {
		expect(hourWords(33, 60)).toBe("Tue 9–10: 60 % its owner's");
		expect(hourWords(0, null)).toBe("Mon 0–1: not seen yet");
	});
});
