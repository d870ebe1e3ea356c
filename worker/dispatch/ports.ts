/** What dispatch works with, and what it gives back. */
import type { FailedAttempt, Grant, Granted } from "../fleet/grant.ts";
import type { Target } from "../fleet/targets.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { Attempt, Trace } from "../protocol/trace.ts";
import type { RewriteSettings } from "../rewrite/rewrite.ts";
import type { Failure } from "./classify.ts";

/** The Fleet object, as dispatch sees it. */
export interface FleetPort {
	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Promise<Target | undefined>;
	acquire(request: RouteRequest, failed?: FailedAttempt): Promise<Grant>;
	cancel(requestId: string): Promise<void>;
	/** See the Fleet object. */
	placeLost(requestId: string): Promise<boolean>;
	loaded(requestId: string, numCtx: number | undefined): Promise<void>;
}

export interface Ports {
	/** A fresh stub each time: stubs belong to one call. */
	readonly fleet: () => FleetPort;
	readonly send: typeof fetch;
	readonly now: () => number;
	readonly maxRetries: number;
	readonly rewriting: RewriteSettings;
	readonly firstByteTimeoutMs: number;
}

export interface Dispatched {
	readonly response: Response;
	/** The request's one outcome, once its last byte is out or it has failed. */
	readonly settled: Promise<Trace>;
}

/** A failed try, with the failure that is told if no other node helps. */
export interface Tried {
	readonly attempts: Attempt[];
	readonly failures: { grant: Granted; failure: Failure }[];
	queueMs: number;
}
