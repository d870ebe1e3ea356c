import { describe, it } from "vitest";
import { parseDuration, untilWords } from "../../../../agent/src/capacity/duration.ts";
import { parseQuietHours, quietUntil } from "../../../../agent/src/capacity/quiet-hours.ts";
import { zoneClock } from "./zone-clock.ts";

const BERLIN = zoneClock("Europe/Berlin");

/** When quiet hours end in Berlin, in UTC; undefined outside of them. */
function until(text: string, at: string): string | undefined {
	const end = quietUntil(parseQuietHours(text) ?? [], Date.parse(at), BERLIN);
	return end === undefined ? undefined : new Date(end).toISOString().slice(5, 16);
}

describe("quiet hours", () => {
	it.for([
		["Mon-Fri 09:00-18:00", "2026-01-05T07:59Z", undefined],
		["Mon-Fri 09:00-18:00", "2026-01-05T08:00Z", "01-05T17:00"],
		["Mon-Fri 09:00-18:00", "2026-01-05T17:00Z", undefined],
		["mon-fri 9:00-18:00", "2026-01-10T10:00Z", undefined],
		["Sat,Sun 10:00-12:00; Mon-Fri 09:00-18:00", "2026-01-10T10:30Z", "01-10T11:00"],
		["22:00-07:00", "2026-01-05T23:30Z", "01-06T06:00"],
		// Begins on Fridays, ends on the day after
		["Fri 22:00-07:00", "2026-01-10T05:30Z", "01-10T06:00"],
		["Fri 22:00-07:00", "2026-01-09T05:30Z", undefined],
		["Sat-Mon 00:00-24:00", "2026-01-10T05:30Z", "01-12T23:00"],
		["Fri 20:00-24:00; Sat 00:00-08:00", "2026-01-09T20:00Z", "01-10T07:00"],
	] as const)("%s at %s last until %s", ([text, at, end], { expect }) => {
		expect(until(text, at)).toBe(end);
	});

	it("end at the hour on the wall in the night in which the clocks go forward, and back", ({ expect }) => {
		expect(until("22:00-07:00", "2026-03-28T22:00Z")).toBe("03-29T05:00");
		expect(until("22:00-07:00", "2026-10-24T21:00Z")).toBe("10-25T06:00");
		// 2:30 does not exist in that night, and comes twice in the other
		expect(until("01:00-02:30", "2026-03-29T00:30Z")).toMatch(/^03-29T01:/);
		expect(until("02:00-03:00", "2026-10-25T00:30Z")).toBe("10-25T02:00");
		expect(until("02:00-03:00", "2026-10-25T01:30Z")).toBe("10-25T02:00");
	});

	it("that never end still end somewhere", ({ expect }) => {
		expect(until("00:00-24:00", "2026-01-05T07:00Z")).toBeDefined();
	});

	it.for([
		"",
		"9-18",
		"Mon-Fry 09:00-18:00",
		"Mon- 09:00-18:00",
		"25:00-07:00",
		"09:70-10:00",
		"09:00-09:00",
		"24:00-07:00",
		"09:00-18:00,",
	])("%s is no such thing", (text, { expect }) => {
		expect(parseQuietHours(text)).toBeUndefined();
	});
});

describe("a time in an owner's words", () => {
	it.for([
		["30m", 1_800_000],
		["1h30m", 5_400_000],
		["2d", 172_800_000],
		["0m", undefined],
		["2", undefined],
		["900d", undefined],
		["-2h", undefined],
	] as const)("%s", ([text, ms], { expect }) => {
		expect(parseDuration(text)).toBe(ms);
	});

	it("names the day when it is not today", ({ expect }) => {
		const now = new Date(2026, 0, 5, 9, 0).getTime();
		expect(untilWords(new Date(2026, 0, 5, 18, 5).getTime(), now)).toBe(" until 18:05");
		expect(untilWords(new Date(2026, 0, 6, 7, 0).getTime(), now)).toBe(" until Tue 07:00");
		expect(untilWords(new Date(2026, 1, 6, 7, 0).getTime(), now)).toBe(" until Fri Feb 06 07:00");
		expect(untilWords(undefined, now)).toBe("");
	});
});
