/** What a dispatch policy gets to know, and what it can do. Seconds. */
import type { FleetNode } from "../catalogue/fleets.ts";
import type { ModelSpec } from "../catalogue/models.ts";
import type { Counters, Work } from "./job.ts";
import type { Machine } from "./machine.ts";

export interface Arrival extends Work {
	readonly arrivedAt: number;
}

/** What a node tells every five seconds. */
export interface Beat {
	readonly nodeId: string;
	readonly resident: readonly { readonly model: ModelSpec; readonly bytes: number; readonly isPinned: boolean }[];
	readonly externalJobs: number;
	readonly usedBytes: number;
}

export interface Shell {
	readonly nodes: readonly FleetNode[];
	readonly parallel: number;
	/** For errors in what a router may know. */
	readonly seed: number;
	send(arrival: Arrival, nodeId: string): void;
	/** Loads a model that nobody asked for yet; `done` when it is there. */
	warm(nodeId: string, model: ModelSpec, done: () => void): void;
	/** The truth, for the clairvoyant rival only. */
	machine(nodeId: string): Machine;
}

export interface Policy {
	arrived(arrival: Arrival, now: number): void;
	firstToken(arrival: Arrival, nodeId: string, now: number): void;
	finished(arrival: Arrival, nodeId: string, end: { counters: Counters; now: number }): void;
	beat(beat: Beat, now: number): void;
	/** The node is gone; what it was sent and had not finished comes back. */
	lost(nodeId: string, arrivals: readonly Arrival[], now: number): void;
	/** Every five seconds. */
	tick?(now: number): void;
}

export type PolicyMaker = (shell: Shell) => Policy;
