/** How an agent goes: what runs finishes while the router goes on hearing of it, then farewell. */
import type { Door } from "./door/door.ts";
import type { HeartbeatLoop } from "./heartbeat/loop.ts";
import type { RouterClient } from "./heartbeat/router-client.ts";

export interface Leaving {
	door: Door;
	loop: HeartbeatLoop;
	client: RouterClient;
}

/** The function returned may be called again to lessen the patience, in milliseconds; `Infinity` waits for every answer. */
export function leaver(parts: Leaving): (patienceMs: number) => Promise<void> {
	const outOfPatience = new AbortController();
	let left: Promise<void> | undefined;
	return (patienceMs) => {
		// A timer can't be set for longer than some weeks, and `Infinity` would be no time at all
		if (Number.isFinite(patienceMs)) setTimeout(() => outOfPatience.abort(), patienceMs).unref();
		return (left ??= leave(parts, outOfPatience.signal));
	};
}

async function leave({ door, loop, client }: Leaving, outOfPatience: AbortSignal): Promise<void> {
	const empty = door.empty();
	// Beats go on meanwhile: without them the router would take running answers for lost
	if (door.running > 0) void loop.beatNow();
	await Promise.race([empty, aborted(outOfPatience)]);
	await loop.stop();
	await door.close();
	client.close();
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
