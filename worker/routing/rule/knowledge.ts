/** All that the rule knows beside the present state of the nodes. */
import { emptyEstimates, type Estimates } from "../estimate/estimates.ts";
import { type Demand, emptyDemand } from "./demand.ts";
import { type Conversation, PrefixIndex } from "./prefix-index.ts";
import type { PrefixMark } from "../../protocol/inference.ts";

/** A figure that is good for a moment. */
export interface Noted {
	readonly value: number;
	/** Epoch milliseconds. */
	readonly at: number;
}

/** What is asked of the prefix index; the benchmark's clairvoyant rival answers it from the truth. */
export interface KnownPrefixes {
	known(model: string, marks: readonly PrefixMark[]): ReadonlyMap<string, number>;
	conversations(nodeId: string, model: string): readonly Conversation[];
}

export interface Knowledge<Prefixes extends KnownPrefixes = KnownPrefixes> {
	readonly estimates: Estimates;
	readonly demand: Demand;
	readonly prefixes: Prefixes;
	/** Worth of models in memory, by node and model. */
	readonly keep: Map<string, Noted>;
	/** Shortest service time of waiting requests, by request id. */
	readonly solo: Map<string, Noted>;
	/** Models that are to stay in memory, by node id. */
	readonly pinned: Map<string, ReadonlySet<string>>;
}

export function newKnowledge(estimates: Estimates = emptyEstimates()): Knowledge<PrefixIndex> {
	return { estimates, demand: emptyDemand(), prefixes: new PrefixIndex(), keep: new Map(), solo: new Map(), pinned: new Map() };
}

/** The noted figure, made anew when it is older than `maxAgeMs`. */
export function noted(
	notes: Map<string, Noted>,
	key: string,
	{ now, maxAgeMs }: { now: number; maxAgeMs: number },
	make: () => number,
): number {
	const note = notes.get(key);
	if (note && now - note.at < maxAgeMs) return note.value;
	const value = make();
	notes.set(key, { value, at: now });
	return value;
}

const NOTES_KEPT_FOR_MS = 60_000;

/** Drops notes that nobody asked for lately; to be called now and then, not per request. */
export function tidy({ keep, solo }: Knowledge, now: number): void {
	for (const notes of [keep, solo]) {
		for (const [key, { at }] of notes) if (now - at > NOTES_KEPT_FOR_MS) notes.delete(key);
	}
}
