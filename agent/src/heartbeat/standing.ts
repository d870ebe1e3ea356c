/** Where this machine stands with its router, and when the next beat leaves. Pure: the draw for jitter is an argument. */
import type { LogLevel } from "../log.ts";
import type { BeatOutcome } from "./outcome.ts";
import { printable } from "./outcome.ts";

const BEAT_INTERVAL_MS = 5_000;
/** A name that is taken or a refusal needs a person, so hurry is useless. */
const REFUSED_INTERVAL_MS = 30_000;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_LONGEST_MS = 30_000;

export type Standing =
	| { kind: "new" }
	/** `draining`: by the router's word. */
	| { kind: "joined"; draining: boolean }
	| { kind: "waiting" }
	/** The router keeps us out: for a text that a person has to act on. */
	| { kind: "refused"; text: string }
	| { kind: "away"; failures: number };

export interface Step {
	standing: Standing;
	/** From the start of this beat to the start of the next. */
	delayMs: number;
	/** One line per change, none while things stay as they are. */
	say?: { level: LogLevel; message: string };
}

export interface BeatFacts {
	outcome: BeatOutcome;
	/** The beat itself said that this machine drains, so that the router's answer tells nothing new. */
	saidDraining: boolean;
	/** The list of installed models is known and this beat did not carry it. */
	modelsHeldBack: boolean;
	/** From 0 to 1. */
	draw: number;
}

/** The next standing after a beat. */
export function follow(before: Standing, { outcome, saidDraining, modelsHeldBack, draw }: BeatFacts): Step {
	switch (outcome.kind) {
		case "accepted":
			return followAccepted(before, outcome, { saidDraining, modelsHeldBack });
		case "secret-refused":
			return {
				standing: { kind: "new" },
				delayMs: 0,
				say: { level: "warn", message: "The router no longer knows this machine; joining again" },
			};
		case "name-taken":
		case "refused":
			return followRefusal(before, outcome.text);
		case "away":
			return followAway(before, outcome.reason, draw);
	}
}

function followAccepted(
	before: Standing,
	{ reply }: Extract<BeatOutcome, { kind: "accepted" }>,
	{ saidDraining, modelsHeldBack }: Omit<BeatFacts, "outcome" | "draw">,
): Step {
	const delayMs = reply.need_models === true && modelsHeldBack ? 0 : BEAT_INTERVAL_MS;
	if (reply.status === "pending") {
		const message = `Waiting for approval: ${printable(reply.message ?? "approve this machine at the router")}`;
		return { standing: { kind: "waiting" }, delayMs, ...(before.kind === "waiting" ? {} : { say: { level: "warn", message } }) };
	}
	const wasDraining = before.kind === "joined" && before.draining;
	const draining = saidDraining ? wasDraining : reply.status === "draining";
	const standing: Standing = { kind: "joined", draining };
	const message = joinedLine(before, draining);
	return { standing, delayMs, ...(message === undefined ? {} : { say: { level: "info", message } }) };
}

function joinedLine(before: Standing, draining: boolean): string | undefined {
	const wasDraining = before.kind === "joined" && before.draining;
	if (draining) return wasDraining ? undefined : "The router drains this machine: what runs is finished, nothing new comes";
	if (wasDraining) return "The router sends work here again";
	if (before.kind === "joined") return undefined;
	return before.kind === "away" ? "The router is back" : "Joined the fleet";
}

function followRefusal(before: Standing, text: string): Step {
	const said = before.kind === "refused" && before.text === text;
	return {
		standing: { kind: "refused", text },
		delayMs: REFUSED_INTERVAL_MS,
		...(said ? {} : { say: { level: "error", message: `The router refuses this machine: ${text}` } }),
	};
}

function followAway(before: Standing, reason: string, draw: number): Step {
	const failures = before.kind === "away" ? before.failures + 1 : 1;
	return {
		standing: { kind: "away", failures },
		delayMs: backoffMs(failures, draw),
		...(before.kind === "away" ? {} : { say: { level: "warn", message: `The router is away (${reason}); trying on` } }),
	};
}

/** Doubles from one second to thirty; half of it is drawn, so that a fleet does not come back all at once. */
export function backoffMs(failures: number, draw: number): number {
	const ceilingMs = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_LONGEST_MS);
	return Math.max(BACKOFF_FIRST_MS, Math.round(ceilingMs / 2 + (ceilingMs / 2) * draw));
}
