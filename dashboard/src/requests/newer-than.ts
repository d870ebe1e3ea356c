import type { Trace } from "../../../worker/protocol/trace.ts";

/** How many of `latest` came after everything in `shown`. Both are newest first. */
export function newerThan(latest: readonly Trace[], shown: readonly Trace[]): number {
	const known = new Set(shown.map((trace) => trace.request_id));
	const firstKnown = latest.findIndex((trace) => known.has(trace.request_id));
	return firstKnown === -1 ? latest.length : firstKnown;
}
