/** Go's duration texts (`1h30m`, `-1m`, `1.5s`) and Ollama's `keep_alive` values. */

const UNITS_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const TERM = /^(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;

/** `forever` is Ollama's reading of any negative value. */
export const FOREVER_MS = Number.POSITIVE_INFINITY;

/** Milliseconds, or an error in Go's words. */
export function parseDuration(text: string): number | Error {
	const sign = text.startsWith("-") ? -1 : 1;
	let rest = text.replace(/^[+-]/, "");
	if (rest === "0") return 0;
	if (rest === "") return invalid(text);
	let total = 0;
	while (rest !== "") {
		const term = TERM.exec(rest);
		if (!term)
			return /^(\d+\.?\d*|\.\d+)$/.test(rest) ? new Error(`time: missing unit in duration ${JSON.stringify(text)}`) : invalid(text);
		total += Number(term[1]) * (UNITS_MS[term[2] ?? ""] ?? 0);
		rest = rest.slice(term[0].length);
	}
	return sign * total;
}

function invalid(text: string): Error {
	return new Error(`time: invalid duration ${JSON.stringify(text)}`);
}

/** What a request's `keep_alive` asks for: a number is seconds, a text a duration, a negative value for ever. */
export function parseKeepAlive(value: string | number): number | Error {
	const milliseconds = typeof value === "number" ? value * 1000 : parseDuration(value);
	if (milliseconds instanceof Error) return milliseconds;
	return milliseconds < 0 ? FOREVER_MS : milliseconds;
}
