/** Everything the Fleet object holds in memory. Changed only by the transitions beside this file, with the clock passed in. */
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import type { NodeView } from "../routing/candidate.ts";
import { type Patience, USUAL_PATIENCE } from "./liveness.ts";
import { LatencyHistory } from "./latency.ts";

/** One machine. It is also the decision's view of it, so nothing is copied per request. */
export interface NodeRecord extends NodeView {
	machineId: string;
	/** Shared by this node's agent and the router only. */
	secret: string;
	approved: boolean;
	/** It said farewell and has not beaten since. */
	left: boolean;
	/** Epoch milliseconds of the last beat, or of the restart for a node known from before it. */
	lastSeenAt: number;
	status: NodeView["status"];
	beat: Heartbeat;
	/** The node's `/api/tags`, kept while beats leave it out as unchanged; undefined until it was sent once. */
	installedEntries: readonly InstalledModel[] | undefined;
	doorReachable: boolean;
	installed: Map<string, InstalledModel>;
	resident: Map<string, ResidentModel>;
	/** Models seen to answer since the last beat, with the time: not in any `/api/ps` report yet. */
	loadedSince: Map<string, number>;
	learnedContexts: Map<string, number | undefined>;
	unloadedAt: Map<string, number>;
	inFlight: Map<string, number>;
	latencyP75Ms: Map<string, number>;
}

/** A place taken on a node. */
export interface Lease {
	readonly requestId: string;
	readonly nodeId: string;
	readonly model: string;
	readonly grantedAt: number;
	/** Renewed by beats that list the request; past it the place is taken back. */
	expiresAt: number;
}

/** A request no node has a place for yet. */
export interface Waiting {
	readonly request: RouteRequest;
	readonly model: string;
	readonly since: number;
}

export interface FleetState {
	readonly startedAt: number;
	readonly patience: Patience;
	readonly nodes: Map<string, NodeRecord>;
	/** Machines that ask to join and have neither token nor approval, by node id. */
	readonly pending: Map<string, NodeRecord>;
	/** By request id. */
	readonly leases: Map<string, Lease>;
	/** By request id, oldest first. */
	readonly waiting: Map<string, Waiting>;
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
		waiting: new Map(),
		latencies: new LatencyHistory(),
		finished: new Map(),
	};
}
