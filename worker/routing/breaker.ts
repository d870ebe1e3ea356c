/** Nodes, and models on nodes, that failed several times in a row are left alone for a while, then tried with one request. Pure. */
import { FAILURES, type FailureKind } from "../protocol/failure.ts";

/** In a row, so far apart at most. */
const OPENS_AFTER = 3;
const FAILURES_FADE_MS = 120_000;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;
/** A full queue is mostly empty again after this. */
const BUSY_PAUSE_MS = 2_000;

export interface Breaker {
	/** In a row. */
	readonly failures: number;
	/** Epoch milliseconds. */
	readonly failedAt: number;
	/** What failed last. */
	readonly reason: FailureKind;
	/** Nothing is sent before this; absent while it is closed. Epoch milliseconds. */
	readonly openUntil?: number;
	/** How long it was left alone the last time. */
	readonly pauseMs: number;
	/** The one request that tries whether it works again. */
	readonly trial?: string;
}

/** By canonical model name; under `WHOLE_NODE` what speaks against all of them. */
export type Breakers = ReadonlyMap<string, Breaker>;
export const WHOLE_NODE = "*";

/** False while the node, or this model on it, is to be left alone: used only when no other node can serve. */
export function isTrusted(breakers: Breakers, model: string, now: number): boolean {
	return allows(breakers.get(WHOLE_NODE), now) && allows(breakers.get(model), now);
}

function allows(breaker: Breaker | undefined, now: number): boolean {
	if (breaker?.openUntil === undefined) return true;
	return now >= breaker.openUntil && breaker.trial === undefined;
}

export interface Failed {
	readonly model: string;
	readonly kind: FailureKind;
	/** What the node itself asked for, by `Retry-After`. */
	readonly retryAfterMs?: number | undefined;
	readonly now: number;
}

/** What follows from a failed try. */
export function afterFailure(breakers: Breakers, { model, kind, retryAfterMs, now }: Failed): Breakers {
	const { blames, pauses } = FAILURES[kind];
	if (pauses || retryAfterMs !== undefined) return paused(breakers, { model, kind, pauseMs: retryAfterMs ?? BUSY_PAUSE_MS, now });
	if (blames === "nobody") return breakers;
	const key = blames === "node" ? WHOLE_NODE : model;
	return new Map(breakers).set(key, failed(breakers.get(key), kind, now));
}

function paused(
	breakers: Breakers,
	{ model, kind, pauseMs, now }: { model: string; kind: FailureKind; pauseMs: number; now: number },
): Breakers {
	const before = breakers.get(model) ?? { failures: 0, failedAt: now, reason: kind, pauseMs: 0 };
	const openUntil = now + Math.min(LONGEST_PAUSE_MS, pauseMs);
	return new Map(breakers).set(model, { ...before, reason: kind, openUntil: Math.max(before.openUntil ?? 0, openUntil) });
}

function failed(before: Breaker | undefined, reason: FailureKind, now: number): Breaker {
	const isRecent = before !== undefined && now - before.failedAt < FAILURES_FADE_MS + before.pauseMs;
	const failures = (isRecent ? before.failures : 0) + 1;
	if (failures < OPENS_AFTER) return { failures, failedAt: now, reason, pauseMs: 0 };
	const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * (isRecent ? before.pauseMs : 0)));
	return { failures, failedAt: now, reason, pauseMs, openUntil: now + pauseMs };
}

/** One answer shows that node and model work. */
export function afterSuccess(breakers: Breakers, model: string): Breakers {
	if (!breakers.has(model) && !breakers.has(WHOLE_NODE)) return breakers;
	return new Map([...breakers].filter(([key]) => key !== model && key !== WHOLE_NODE));
}

/** A request is sent there although something is open: it is the trial. */
export function withTrial(breakers: Breakers, model: string, requestId: string): Breakers {
	const open = [WHOLE_NODE, model].filter((key) => breakers.get(key)?.openUntil !== undefined);
	if (open.length === 0) return breakers;
	const tried = new Map(breakers);
	for (const key of open) {
		const breaker = breakers.get(key);
		if (breaker) tried.set(key, { ...breaker, trial: requestId });
	}
	return tried;
}

/** The trial ended without showing anything: its client left. */
export function withoutTrial(breakers: Breakers, requestId: string): Breakers {
	if (![...breakers.values()].some(({ trial }) => trial === requestId)) return breakers;
	return new Map(
		[...breakers].map(([key, { trial, ...rest }]) => [key, trial === requestId ? rest : { ...rest, ...(trial && { trial }) }]),
	);
}
