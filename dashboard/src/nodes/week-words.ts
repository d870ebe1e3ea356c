/** A week of hours in words. Pure. */
import type { WeekMap } from "../../../worker/protocol/capacity.ts";

export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
/** In percent: from here on an hour is called the owner's. */
const OWNERS = 50;

/** `Usually its owner's: Mon 9–12, Fri 20–24.` */
export function weekWords(week: WeekMap): string {
	if (week.every((busy) => busy === null)) return "Nothing has been seen of its week yet.";
	const spans = WEEKDAYS.flatMap((day, row) => spansOf(week.slice(row * 24, row * 24 + 24)).map((span) => `${day} ${span}`));
	return spans.length === 0 ? "No hour is usually its owner's." : `Usually its owner's: ${spans.join(", ")}.`;
}

/** `9–12`, for every row of hours that are the owner's. */
function spansOf(day: WeekMap): string[] {
	const spans: { from: number; to: number }[] = [];
	for (const [hour, busy] of day.entries()) {
		const last = spans.at(-1);
		if (busy === null || busy < OWNERS) continue;
		if (last?.to === hour) last.to = hour + 1;
		else spans.push({ from: hour, to: hour + 1 });
	}
	return spans.map(({ from, to }) => `${from}–${to}`);
}

/** One hour of it. */
export function hourWords(hourOfWeek: number, busy: number | null): string {
	const hour = hourOfWeek % 24;
	const when = `${WEEKDAYS[Math.floor(hourOfWeek / 24)]} ${hour}–${hour + 1}`;
	return busy === null ? `${when}: not seen yet` : `${when}: ${busy} % its owner's`;
}
