/**
 * All that the checks see: the fleet as it stands, and what it has lately lived through. Plain data; times are epoch milliseconds, names
 * of models are canonical.
 */
import type { NodeStatus, PullSnapshot } from "../protocol/fleet.ts";
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { TraceStatus } from "../protocol/trace.ts";

export interface HealthFacts {
	readonly now: number;
	readonly routerVersion: string;
	readonly access: Access;
	/** Members of the fleet, and machines that ask to be. */
	readonly nodes: readonly NodeFacts[];
	readonly queue: QueueFacts;
	/** Names that clients may use for models, and what they mean. */
	readonly aliases: Readonly<Record<string, string>>;
	/** Downloads that the router started, failed ones for a while. */
	readonly pulls: readonly PullSnapshot[];
	readonly pins: readonly PinFacts[];
	/** The latest requests, oldest first; of a busy fleet not even an hour. */
	readonly recent: readonly RecentRequest[];
	readonly speeds: readonly SpeedFacts[];
	readonly records: RecordFacts;
}

export interface Access {
	readonly auth: "open" | "keys";
	readonly edge: boolean;
	readonly allowedHosts: readonly string[];
}

export interface NodeFacts {
	readonly nodeId: string;
	readonly status: NodeStatus;
	readonly beat: Heartbeat;
	readonly installed: readonly InstalledFacts[];
	readonly resident: readonly ResidentFacts[];
	readonly lastSeenAt: number;
	/** Its agent was stopped on purpose. */
	readonly left: boolean;
	/** Taken out of service by somebody. */
	readonly drained: boolean;
	readonly doorReachable: boolean;
	/** Open ones. `model` is `*` for the node as a whole. */
	readonly breakers: readonly { readonly model: string; readonly reason: string; readonly failures: number; readonly openUntil: number }[];
	/** The agent's clock less the router's when the last beat came; undefined when none came since the router's start. */
	readonly clockSkewMs: number | undefined;
	/** Work that did not come through the router. */
	readonly external: { readonly jobs: number; readonly since: number } | undefined;
	/** When it fell silent, oldest first. */
	readonly lostAt: readonly number[];
	/** When requests to it were cancelled since nothing came back any more. */
	readonly stalledAt: readonly number[];
	/** Of a machine that dialled in: when its link broke, oldest first. */
	readonly link?: { readonly brokenAt: readonly number[] };
}

export interface InstalledFacts {
	readonly name: string;
	readonly sizeBytes: number;
	readonly digest: string | undefined;
}

export interface ResidentFacts {
	readonly name: string;
	readonly sizeBytes: number;
	/** Of that, in the memory of graphics cards. */
	readonly vramBytes: number | undefined;
	readonly contextTokens: number | undefined;
}

export interface QueueFacts {
	readonly waiting: number;
	readonly mostWaiting: number;
	/** 0 while nobody waits. Batches don't count. */
	readonly longestWaitMs: number;
	/** Of the one that waits longest. */
	readonly longestWaitModel: string;
}

export interface PinFacts {
	/** "" when no node can have it. */
	readonly nodeId: string;
	readonly model: string;
	/** Why it is not in memory. */
	readonly problem: string;
}

/** A finished request, as far as the checks care. */
export interface RecentRequest {
	readonly at: number;
	/** "" when it reached none. */
	readonly nodeId: string;
	readonly model: string;
	readonly askedFor: string;
	readonly status: TraceStatus;
	/** Of a refusal, its kind. */
	readonly refusal: string | null;
	/** Why another model answered than the one asked for; empty for the one asked for. */
	readonly because: string;
	readonly failures: readonly { readonly nodeId: string; readonly failure: string }[];
	/** It waited for a load: of a model that was not in memory, or `anew` of one that was. */
	readonly load: { readonly ms: number; readonly isAnew: boolean } | undefined;
	readonly promptTokens: number | null;
	readonly completionTokens: number | null;
	/** Of the prompt, by its characters. */
	readonly estimatedTokens: number | null;
	/** The model's context there; undefined when not known. */
	readonly contextTokens: number | undefined;
	readonly finishReason: string | null;
	/** Of writing, while nothing else ran there; undefined otherwise. */
	readonly tokensPerSecond: number | undefined;
}

/** How fast a model usually writes on a node by itself. */
export interface SpeedFacts {
	readonly nodeId: string;
	readonly model: string;
	readonly usualTokensPerSecond: number;
	readonly samples: number;
}

export interface RecordFacts {
	/** The database took no rows the last time. */
	readonly refused: boolean;
	readonly dropped: number;
}
