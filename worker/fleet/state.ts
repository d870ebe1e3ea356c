/** Everything the Fleet object holds in memory. Changed only by the transitions beside this file, with the clock passed in. */
import type { WeekMap } from "../protocol/capacity.ts";
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import type { Breakers } from "../routing/breaker.ts";
import type { Pause } from "../routing/candidate.ts";
import type { Occupancy } from "../routing/estimate/occupancy.ts";
import type { Decision } from "../routing/rule/decision.ts";
import { type Knowledge, newKnowledge } from "../routing/rule/knowledge.ts";
import type { PrefixIndex } from "../routing/rule/prefix-index.ts";
import type { External, Job, RuleNode, Waiting } from "../routing/rule/view.ts";
import type { PullJob } from "./auto-pull/job.ts";
import type { IndexedFleet } from "./fleet-index.ts";
import type { ModelJob } from "./jobs/job.ts";
import { LatencyHistory } from "./latency.ts";
import type { Leftover } from "./leftover.ts";
import { type Patience, USUAL_PATIENCE } from "./liveness.ts";

/** One machine. It is also the decision's view of it, so nothing is copied per request. */
export interface NodeRecord extends RuleNode {
	machineId: string;
	/** Shared by this node's agent and the router only. */
	secret: string;
	approved: boolean;
	/** It said farewell and has not beaten since. */
	left: boolean;
	/** Epoch milliseconds of the last beat, or of the restart for a node known from before it. */
	lastSeenAt: number;
	status: RuleNode["status"];
	beat: Heartbeat;
	/** The node's `/api/tags`, kept while beats leave it out as unchanged; undefined until it was sent once. */
	installedEntries: readonly InstalledModel[] | undefined;
	doorReachable: boolean;
	/** Epoch milliseconds since which nothing answers at the door; undefined while it answers. */
	doorShutAt?: number | undefined;
	drained: boolean;
	pause?: Pause;
	/** What the node's agent has learned of its owner's week, kept while beats leave it out as unchanged. */
	week?: WeekMap;
	installed: Map<string, InstalledModel>;
	resident: Map<string, ResidentModel>;
	/** Models seen to answer since the last beat, with the time: not in any `/api/ps` report yet. */
	loadedSince: Map<string, number>;
	learnedContexts: Map<string, number | undefined>;
	unloadedAt: Map<string, number>;
	breakers: Breakers;
	inFlight: Map<string, number>;
	latencyP75Ms: Map<string, number>;
	jobs: readonly Job[];
	external?: External;
	occupancy: Occupancy;
	neededBytes: ReadonlyMap<string, number>;
	usableBytes?: number;
	maxLoaded: number;
}

/** A place taken on a node. */
export interface Lease {
	readonly waiting: Waiting;
	readonly decision: Decision;
	readonly job: Job;
	/** The node's when the place was taken. */
	readonly occupancy: Occupancy;
	/** The model had to be loaded, and no other load was under way. */
	readonly loadsAlone: boolean;
	/** Why another model than the one asked for; empty for the one asked for. */
	readonly because: string;
	/** Renewed by beats that list the request; past it the place is taken back. */
	expiresAt: number;
	/** Its client hung up before the first byte: the place is the node's own until this is done. */
	leftover?: Leftover;
}

/** A request no node has a place for yet. */
export interface Queued extends Waiting {
	/** Why another model than the one asked for; empty for the one asked for. */
	readonly because: string;
	/** Epoch milliseconds since which it waits this time; `since` is its arrival. */
	readonly queuedAt: number;
}

export interface FleetState {
	readonly startedAt: number;
	/** As the settings have it now. */
	patience: Patience;
	readonly nodes: Map<string, NodeRecord>;
	/** Machines that ask to join and have neither token nor approval, by node id. */
	readonly pending: Map<string, NodeRecord>;
	/** By request id. */
	readonly leases: Map<string, Lease>;
	/** When places were given back lately, by request id: a beat under way may still list the request. */
	readonly ended: Map<string, number>;
	/** By request id, oldest first. */
	readonly waiting: Map<string, Queued>;
	/** Downloads that the router started by itself, by canonical name, oldest first. */
	readonly pulls: Map<string, PullJob>;
	/** Downloads that clients asked for through `/api/pull`, by request id. */
	readonly clientPulls: Map<string, PullJob>;
	/** What was asked for on the page, by job id, oldest first; the latest that ended too. */
	readonly jobs: Map<string, ModelJob>;
	readonly knowledge: Knowledge<PrefixIndex>;
	/** How much each model was asked for within days, in the origin's score; empty until the database was asked. */
	priorities: ReadonlyMap<string, number>;
	/** Nodes whose figures changed since they were saved. */
	readonly learned: Set<string>;
	/** See `fleetIndex`. */
	indexed?: IndexedFleet;
	readonly latencies: LatencyHistory;
	/** Finished requests since the start, by `node:model`. */
	readonly finished: Map<string, { completed: number; failed: number }>;
}

export function emptyFleet(now: number, patience: Patience = USUAL_PATIENCE): FleetState {
	return {
		startedAt: now,
		patience,
		nodes: new Map(),
		pending: new Map(),
		leases: new Map(),
		ended: new Map(),
		waiting: new Map(),
		pulls: new Map(),
		clientPulls: new Map(),
		jobs: new Map(),
		knowledge: newKnowledge(),
		priorities: new Map(),
		learned: new Set(),
		latencies: new LatencyHistory(),
		finished: new Map(),
	};
}
