/** JSON as Go writes it: `<`, `>`, `&` and the two line separators escaped; keys in the order given, `undefined` left out. */

const ESCAPED = /[<>&\u2028\u2029\u007f]/g;

export function goJson(value: unknown): string {
	return JSON.stringify(value).replace(ESCAPED, (character) =>
		character === "\u007f" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

/** RFC 3339 in UTC with nine digits at most, trailing zeros cut. */
export function goTime(epochMs: number): string {
	const wholeMs = Math.floor(epochMs);
	const nanoseconds = Math.floor((epochMs - wholeMs) * 1e6);
	const base = new Date(wholeMs).toISOString().slice(0, -1);
	const digits = `${base.slice(20)}${String(nanoseconds).padStart(6, "0")}`.replace(/0+$/, "");
	return `${base.slice(0, 19)}${digits === "" ? "" : `.${digits}`}Z`;
}

const NANOSECONDS_PER_MS = 1e6;

/** A duration as an integer of nanoseconds; never zero, because Go leaves zeros out and nothing takes no time. */
export function goNanoseconds(milliseconds: number, wholeMicroseconds = false): number {
	const nanoseconds = Math.max(1000, Math.round(milliseconds * NANOSECONDS_PER_MS));
	return wholeMicroseconds ? Math.ceil(nanoseconds / 1000) * 1000 : nanoseconds;
}
