/** What a check is. */
import type { Severity } from "../protocol/health.ts";
import type { HealthFacts } from "./facts.ts";

/** Something a person should know, with the figures that show it and what to do about it. */
export interface Finding {
	readonly severity: Severity;
	readonly title: string;
	readonly description: string;
	readonly fix: string;
	/** Absent when it is the fleet's, not a node's. */
	readonly nodeId?: string;
	/** Tells a check's findings on one node apart, such as a model. */
	readonly about?: string;
	readonly data: Readonly<Record<string, unknown>>;
}

export interface Check {
	/** The origin's name where it has such a check. */
	readonly id: string;
	/** How long it must hold before it is told, and be gone before it counts as gone: what flickers is no news. */
	readonly firesAfterMs: number;
	readonly clearsAfterMs: number;
	/** Pure: the clock is in the facts. */
	readonly find: (facts: HealthFacts) => readonly Finding[];
}

/** For facts that have their own patience behind them, such as a silence of half a minute. */
export const AT_ONCE = { firesAfterMs: 0, clearsAfterMs: 10_000 };
/** For figures that come and go with every beat. */
export const WHEN_IT_LASTS = { firesAfterMs: 30_000, clearsAfterMs: 60_000 };
/** For rates over the last hour, which move slowly by themselves. */
export const OVER_THE_HOUR = { firesAfterMs: 0, clearsAfterMs: 60_000 };
