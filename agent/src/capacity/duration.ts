/** Spans and instants in an owner's words. Pure. */

const MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAY_MS = 86_400_000;
/** As long as the router takes for a pause. */
const LONGEST_MS = 366 * DAY_MS;

/** `30m`, `2h`, `1h30m`, `2d`, in milliseconds; undefined when it is none of that. */
export function parseDuration(text: string): number | undefined {
	if (!/^(\d+[mhd])+$/.test(text)) return undefined;
	const ms = [...text.matchAll(/(\d+)([mhd])/g)].reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (MS[unit] ?? 0), 0);
	return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}

/** ` until 18:00`, with the day when it is another one; empty without an end. */
export function untilWords(until: number | undefined, now: number): string {
	if (until === undefined) return "";
	const end = new Date(until);
	const time = `${String(end.getHours()).padStart(2, "0")}:${String(end.getMinutes()).padStart(2, "0")}`;
	if (end.toDateString() === new Date(now).toDateString()) return ` until ${time}`;
	return ` until ${end.toDateString().slice(0, until - now < 6 * DAY_MS ? 3 : 10)} ${time}`;
}
