/** Lists that don't move under the reader. */
import { useRef } from "preact/hooks";
import type { Trace } from "../../../worker/protocol/trace.ts";
import { newerThan } from "./newer-than.ts";

/** While `held`, the list as it was when holding began; else the latest. */
export function useHeldList(latest: readonly Trace[], held: boolean): { shown: readonly Trace[]; newer: number } {
	const kept = useRef(latest);
	if (!held || kept.current.length === 0) kept.current = latest;
	return { shown: kept.current, newer: newerThan(latest, kept.current) };
}
