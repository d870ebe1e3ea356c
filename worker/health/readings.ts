/** Ways to look at the facts that several checks share. Pure. */
import type { HealthFacts, NodeFacts, RecentRequest } from "./facts.ts";

export const HOUR_MS = 3_600_000;
const GIB = 1024 ** 3;

export function isThere({ status }: NodeFacts): boolean {
	return status === "online" || status === "degraded";
}

/** Those that beat; what a silent one said last is no news. */
export function nodesThere({ nodes }: HealthFacts): NodeFacts[] {
	return nodes.filter(isThere);
}

export function lastHour({ recent, now }: HealthFacts): RecentRequest[] {
	return recent.filter(({ at }) => now - at < HOUR_MS);
}

export function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) {
		const group = groups.get(keyOf(value));
		if (group) group.push(value);
		else groups.set(keyOf(value), [value]);
	}
	return groups;
}

export function gb(bytes: number): string {
	const size = bytes / GIB;
	return `${size >= 10 ? Math.round(size) : Math.round(size * 10) / 10} GB`;
}

export function percent(ratio: number): string {
	return `${Math.round(ratio * 100)} %`;
}

export function secondsText(ms: number): string {
	const seconds = Math.round(ms / 1000);
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** `1 request`, `2 requests`. */
export function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The names, the first few of many. */
export function listed(names: readonly string[], most = 5): string {
	const rest = names.length - most;
	return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
