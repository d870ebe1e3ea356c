/**
 * The router's clock may jump: it is set, or its machine sleeps. Silence and leases are about time that passed while the router
 * could listen, so they move with the clock. Pure over the state given.
 */
import type { FleetState } from "./state.ts";

/** A look that comes later than this by the clock is not just late. */
const LARGEST_LAG_MS = 5_000;

/** `dueAt` is when this look was to be. Returns by how much the clock jumped, forwards or backwards; 0 when it did not. */
export function bearClockJump(state: FleetState, dueAt: number, now: number): number {
	const jumpMs = now - dueAt;
	if (Math.abs(jumpMs) <= LARGEST_LAG_MS) return 0;
	for (const node of [...state.nodes.values(), ...state.pending.values()]) node.lastSeenAt += jumpMs;
	for (const lease of state.leases.values()) lease.expiresAt += jumpMs;
	for (const [requestId, queued] of state.waiting) state.waiting.set(requestId, { ...queued, queuedAt: queued.queuedAt + jumpMs });
	return jumpMs;
}
