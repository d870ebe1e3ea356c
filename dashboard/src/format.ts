/** Numbers as the page shows them: at most three significant digits, the unit apart so that it can be set smaller. Pure. */

export interface Quantity {
	readonly number: string;
	readonly unit: string;
}

/** Shown for what is not known. */
export const UNKNOWN: Quantity = { number: "–", unit: "" };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One decimal below 100, none above. */
function decimal(value: number): string {
	const tenths = Math.round(value * 10) / 10;
	return Math.abs(tenths) < 100 ? tenths.toFixed(1) : String(Math.round(value));
}

/** As `decimal`, without a lone `.0`. */
function shortDecimal(value: number): string {
	return decimal(value).replace(/\.0$/, "");
}

/** `412 ms`, `1.3 s`, `2.2 min`, `5 h`, `12 d`. */
export function duration(ms: number | null | undefined): Quantity {
	if (ms === null || ms === undefined) return UNKNOWN;
	if (Math.round(ms) < SECOND_MS) return { number: String(Math.max(0, Math.round(ms))), unit: "ms" };
	if (ms < MINUTE_MS - 50) return { number: decimal(ms / SECOND_MS), unit: "s" };
	if (ms < HOUR_MS) return { number: shortDecimal(ms / MINUTE_MS), unit: "min" };
	if (ms < 2 * DAY_MS) return { number: shortDecimal(ms / HOUR_MS), unit: "h" };
	return { number: String(Math.floor(ms / DAY_MS)), unit: "d" };
}

/** A span in whole units, for people: `12 s`, `3 min`, `5 h`, `2 d`. */
export function span(ms: number): string {
	const lasting = Math.max(0, ms);
	if (lasting < MINUTE_MS) return `${Math.floor(lasting / SECOND_MS)} s`;
	if (lasting < HOUR_MS) return `${Math.floor(lasting / MINUTE_MS)} min`;
	if (lasting < 2 * DAY_MS) return `${Math.floor(lasting / HOUR_MS)} h`;
	return `${Math.floor(lasting / DAY_MS)} d`;
}

/** `now`, `12 s ago`, `3 min ago`. An instant in the future is a clock's error and counts as now. */
export function ago(at: number, now: number): string {
	return now - at < 2 * SECOND_MS ? "now" : `${span(now - at)} ago`;
}

/** Gigabytes as the router counts them: `18.2 GB`, `131 GB`, `512 MB`. */
export function gigabytes(size: number | null | undefined): Quantity {
	if (size === null || size === undefined) return UNKNOWN;
	if (size > 0 && size < 0.95) return { number: String(Math.max(1, Math.round(size * 1024))), unit: "MB" };
	if (size >= 1000) return { number: shortDecimal(size / 1024), unit: "TB" };
	return { number: shortDecimal(size), unit: "GB" };
}

/** `31 %`, from 0 to 100. */
export function percent(value: number | null | undefined): Quantity {
	return value === null || value === undefined ? UNKNOWN : { number: String(Math.round(value)), unit: "%" };
}

export function celsius(value: number | null | undefined): Quantity {
	return value === null || value === undefined ? UNKNOWN : { number: String(Math.round(value)), unit: "°C" };
}

/** Counts: `212`, `1.3 k`, `12.9 k`, `1.2 M`. */
export function count(value: number | null | undefined): Quantity {
	if (value === null || value === undefined) return UNKNOWN;
	if (value < 1000) return { number: String(Math.round(value)), unit: "" };
	if (value < 999_500) return { number: shortDecimal(value / 1000), unit: "k" };
	return { number: shortDecimal(value / 1_000_000), unit: "M" };
}

/** A context length, which comes in powers of two: 8192 is `8 k`. */
export function contextLength(tokens: number): Quantity {
	if (tokens <= 0) return UNKNOWN;
	return tokens < 1024 ? { number: String(tokens), unit: "" } : { number: shortDecimal(tokens / 1024), unit: "k" };
}

export function tokensPerSecond(rate: number | undefined): Quantity {
	return rate === undefined ? UNKNOWN : { number: decimal(rate), unit: "tok/s" };
}

/** A quantity where only text fits. */
export function inWords({ number, unit }: Quantity): string {
	return unit === "" ? number : `${number} ${unit}`;
}

/** `1 machine`, `5 machines`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
	return `${amount} ${amount === 1 ? one : many}`;
}

/** The router's instants are epoch seconds, the browser's milliseconds. */
export function epochMs(epochSeconds: number): number {
	return epochSeconds * SECOND_MS;
}

/** Text as one word of a POSIX shell, so that a copied line means what it shows whatever a name contains. */
export function shellWord(text: string): string {
	return /^[\w./:@%+=-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
