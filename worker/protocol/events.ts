/**
 * Server-sent events of `GET /fleet/events`. The first is a `snapshot`, or what was missed since `Last-Event-ID` where that is still
 * known; then come changes. `: ` lines are heartbeats.
 */
import * as z from "zod";
import { FleetSnapshotSchema, NodeSnapshotSchema, PullSnapshotSchema } from "./fleet.ts";
import { HealthReportSchema } from "./health.ts";
import { TraceSchema } from "./trace.ts";

const { fleet, queues } = FleetSnapshotSchema.shape;

/** By the event's name: what its `data` holds. */
export const LIVE_EVENTS = {
	/** All there is to know; it replaces what was known before. */
	snapshot: z.object({ status: FleetSnapshotSchema, health: HealthReportSchema }),
	/** Nodes that came or changed, whole, and names of those that are gone. `last_seen_ago_ms` alone is no change. */
	nodes: z.object({ changed: z.array(NodeSnapshotSchema), removed: z.array(z.string()) }),
	/** Sums and queues, whole. */
	queue: z.object({ fleet, queues }),
	/** A request that has ended. */
	request: TraceSchema.pick({
		request_id: true,
		model: true,
		original_model: true,
		node_id: true,
		status: true,
		latency_ms: true,
		time_to_first_token_ms: true,
		queue_ms: true,
		prompt_tokens: true,
		completion_tokens: true,
		retry_count: true,
		fallback_used: true,
		error_message: true,
		timestamp: true,
		tags: true,
		reason: true,
		class: true,
		endpoint: true,
		streamed: true,
	}),
	/** All downloads of the router. */
	pulls: z.object({ pulls: z.array(PullSnapshotSchema) }),
	/** The whole report, when a card or the score changed. */
	health: HealthReportSchema,
} as const;

export type LiveEventName = keyof typeof LIVE_EVENTS;
export type LiveEventData<Name extends LiveEventName> = z.infer<(typeof LIVE_EVENTS)[Name]>;
export type LiveEvent = { readonly [Name in LiveEventName]: { readonly name: Name; readonly data: LiveEventData<Name> } }[LiveEventName];
