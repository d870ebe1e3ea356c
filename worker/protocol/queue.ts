/** The answer of `GET /fleet/queue`: the origin's fields, then every waiting request. */
import * as z from "zod";
import { QueueSnapshotSchema } from "./fleet.ts";

const WaitingSchema = z.object({
	request_id: z.string(),
	/** From 1, over the whole fleet. */
	position: z.number(),
	model: z.string(),
	class: z.string(),
	/** Its first tag, or "". */
	app: z.string(),
	waited_ms: z.number(),
	/** Until it can start, as things are; null when nothing can be said. */
	expected_wait_ms: z.number().nullable(),
	/** The node it would wait for now: it is bound only when it starts. */
	expected_node: z.string().nullable(),
});

export const QueueReportSchema = z.object({
	/** Running and waiting. */
	queue_depth: z.number(),
	pending: z.number(),
	in_flight: z.number(),
	completed: z.number(),
	failed: z.number(),
	/** Until somebody who asks last is started, at least; null while nobody waits. */
	estimated_wait_ms: z.number().nullable(),
	nodes_online: z.number(),
	queues: z.record(z.string(), QueueSnapshotSchema),
	/** In the order in which they are looked at. */
	waiting: z.array(WaitingSchema),
	timestamp: z.number(),
});
export type QueueReport = z.infer<typeof QueueReportSchema>;
