/** Hours in which the machine is its owner's, by the clock on the wall. Pure. */
import type { WallClock, WallTime } from "./wall-clock.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MINUTE_MS = 60_000;
/** More spans than this don't follow each other without a gap, unless there is none at all. */
const MOST_IN_A_ROW = 14;

export interface QuietSpan {
	/** Days on which it begins, Monday is 0. */
	days: readonly number[];
	/** Of the day it begins on, so the end may be past midnight. */
	fromMinute: number;
	toMinute: number;
}

/** `Mon-Fri 09:00-18:00; Sat,Sun 10:00-12:00`, or times alone for every day; undefined when it is none of that. */
export function parseQuietHours(text: string): QuietSpan[] | undefined {
	const spans = text.split(";").map((part) => parseSpan(part.trim()));
	return spans.every((span) => span !== undefined) ? spans : undefined;
}

function parseSpan(text: string): QuietSpan | undefined {
	const [, days, from, to] = /^(?:([a-z,-]+)\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/i.exec(text) ?? [];
	const [fromMinute, end] = [minuteOf(from), minuteOf(to)];
	const begins = days === undefined ? DAYS.map((_, day) => day) : parseDays(days);
	if (fromMinute === undefined || end === undefined || !begins || fromMinute === end || fromMinute === DAY_MINUTES) return undefined;
	return { days: begins, fromMinute, toMinute: end > fromMinute ? end : end + DAY_MINUTES };
}

/** `24:00` is the end of the day. */
function minuteOf(text = ""): number | undefined {
	const [hour = Number.NaN, minute = Number.NaN] = text.split(":").map(Number);
	const total = hour * 60 + minute;
	return minute < 60 && total <= DAY_MINUTES ? total : undefined;
}

/** `Mon-Fri`, `Sat,Sun`, `Sat-Mon`. */
function parseDays(text: string): number[] | undefined {
	const days = text
		.toLowerCase()
		.split(",")
		.map((part) => {
			const [first, last, ...more] = part.split("-").map((name) => DAYS.indexOf(name));
			if (first === undefined || first < 0 || (last ?? 0) < 0 || more.length > 0) return undefined;
			return Array.from({ length: (((last ?? first) - first + 7) % 7) + 1 }, (_, step) => (first + step) % 7);
		});
	return days.every((some) => some !== undefined) ? [...new Set(days.flat())].toSorted() : undefined;
}

/** When the quiet hours that it is now end; undefined outside of them. Epoch milliseconds. */
export function quietUntil(spans: readonly QuietSpan[], at: number, wall: WallClock): number | undefined {
	let until: number | undefined;
	for (let row = 0; row < MOST_IN_A_ROW; row++) {
		const left = minutesLeft(spans, wall(until ?? at));
		if (left === 0) break;
		until = later(until ?? at, left, wall);
	}
	return until;
}

function minutesLeft(spans: readonly QuietSpan[], { weekday, minute }: WallTime): number {
	const lefts = spans.flatMap(({ days, fromMinute, toMinute }) =>
		[0, 1].map((daysAgo) => {
			const now = minute + daysAgo * DAY_MINUTES;
			return days.includes((weekday + 7 - daysAgo) % 7) && now >= fromMinute && now < toMinute ? toMinute - now : 0;
		}),
	);
	return Math.max(0, ...lefts);
}

/** The instant at which the wall shows so many minutes more: an hour less or more of them may pass when summer time begins or ends. */
function later(at: number, minutes: number, wall: WallClock): number {
	const begin = at - (at % MINUTE_MS);
	const guess = begin + minutes * MINUTE_MS;
	const target = weekMinute(wall(begin)) + minutes;
	const mended = guess - minutesBetween(target, weekMinute(wall(guess))) * MINUTE_MS;
	// In the night in which the clocks go forward an hour is never shown
	return minutesBetween(target, weekMinute(wall(mended))) === 0 ? mended : guess;
}

/** Along the shorter way round the week. */
function minutesBetween(from: number, to: number): number {
	return ((((to - from) % WEEK_MINUTES) + 1.5 * WEEK_MINUTES) % WEEK_MINUTES) - WEEK_MINUTES / 2;
}

function weekMinute({ weekday, minute }: WallTime): number {
	return weekday * DAY_MINUTES + minute;
}
