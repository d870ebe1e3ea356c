/** Whether a request waited for a load. Pure. */
import type { Trace } from "../../protocol/trace.ts";
import type { Decision } from "../../routing/rule/decision.ts";

/** `load_duration` is some milliseconds for a model that is there; a real load takes longer, and so does a reload of one that is. */
const SHORTEST_LOAD_MS = 100;
const SHORTEST_RELOAD_MS = 500;

export interface LoadSeen {
	readonly ms: number;
	/** The model was in memory, but not as this request wanted it. */
	readonly isAnew: boolean;
}

export function loadOf({ load_ms: ms }: Trace, { resident }: Pick<Decision, "resident">): LoadSeen | undefined {
	if (ms === null || ms < (resident ? SHORTEST_RELOAD_MS : SHORTEST_LOAD_MS)) return undefined;
	return { ms, isAnew: resident };
}
