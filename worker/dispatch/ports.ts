/** What dispatch works with, and what it gives back. */
import type { PullAnswer } from "../fleet/auto-pull/auto-pulls.ts";
import type { PullProgress } from "../fleet/auto-pull/while-pulled.ts";
import type { FailedAttempt, Grant, Granted } from "../fleet/grant.ts";
import type { PlaceWord } from "../fleet/place-watch.ts";
import type { Target } from "../fleet/targets.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { Attempt } from "../protocol/trace.ts";
import type { RewriteSettings } from "../rewrite/rewrite.ts";
import type { Failure } from "./classify.ts";
import type { KeptFailures } from "./early/kept-failures.ts";
import type { Outcome } from "./to-trace.ts";

/** The Fleet object, as dispatch sees it. */
export interface FleetPort {
	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Promise<Target | undefined>;
	acquire(request: RouteRequest, failed?: FailedAttempt): Promise<Grant>;
	cancel(requestId: string): Promise<void>;
	models(): ModelPort;
	/** See the Fleet object. */
	placeWord(requestId: string, firstTokenAt?: number): Promise<PlaceWord>;
	loaded(requestId: string, numCtx: number | undefined): Promise<void>;
}

/** See the Fleet object's desk of that name. */
export interface ModelPort {
	pullFor(model: string): Promise<PullAnswer>;
	pullAwaitedBy(requestId: string): Promise<PullProgress | undefined>;
}

export interface Ports {
	/** A fresh stub each time: stubs belong to one call. */
	readonly fleet: () => FleetPort;
	readonly send: typeof fetch;
	readonly now: () => number;
	readonly maxRetries: number;
	readonly rewriting: RewriteSettings;
	readonly firstByteTimeoutMs: number;
	readonly early: EarlyPort;
	/** This installation's, for names of prompts and keys that nobody else can make. */
	readonly secret: string;
}

/** When an answer begins before its status is known, and what is remembered of those that ended badly. */
export interface EarlyPort {
	/** 0: never. */
	readonly afterMs: number;
	readonly everyMs: number;
	readonly kept: KeptFailures;
}

export interface Dispatched {
	readonly response: Response;
	/** The request's one outcome, once its last byte is out or it has failed. */
	readonly settled: Promise<Outcome>;
}

/** A failed try, with the failure that is told if no other node helps. */
export interface Tried {
	readonly attempts: Attempt[];
	readonly failures: { grant: Granted; failure: Failure }[];
	queueMs: number;
}
