/** The answer of `GET /fleet/status`: the origin's fields, then ours. Sizes in GB are GiB, as the origin's. */
import * as z from "zod";
import { CapacitySnapshotSchema } from "./capacity.ts";

const NodeStatusSchema = z.enum(["online", "degraded", "offline", "pending"]);
export type NodeStatus = z.infer<typeof NodeStatusSchema>;

const LoadedModelSchema = z.object({
	name: z.string(),
	size_gb: z.number(),
	size_vram_gb: z.number().optional(),
	requests_active: z.number(),
	parameter_size: z.string(),
	quantization: z.string(),
	context_length: z.number(),
	expires_at: z.string().optional(),
});

const NodeSnapshotSchema = z.object({
	node_id: z.string(),
	status: NodeStatusSchema,
	hardware: z.object({
		memory_total_gb: z.number(),
		cores_physical: z.number(),
		chip: z.string(),
		memory_bandwidth_gbps: z.number(),
		arch: z.string(),
	}),
	ollama_url: z.string(),
	cpu: z.object({ cores_physical: z.number(), utilization_pct: z.number() }).optional(),
	memory: z.object({ total_gb: z.number(), used_gb: z.number(), available_gb: z.number(), pressure: z.string() }),
	ollama: z.object({
		state: z.string(),
		version: z.string().optional(),
		models_loaded: z.array(LoadedModelSchema),
		models_available: z.array(z.string()),
		requests_active: z.number(),
		/** At its Ollama beside the router's; absent: not known. */
		external_jobs: z.number().optional(),
		num_parallel: z.number(),
		max_loaded_models: z.number().optional(),
	}),
	/** Why the node takes no work now; empty when it does. */
	blocked_by: z.array(z.string()),
	/** What its owner leaves to the fleet; absent: all of it. */
	capacity: CapacitySnapshotSchema.optional(),
	/** What failed there several times in a row, and is left alone while another node can serve. */
	breakers: z.array(
		z.object({
			/** `*` is the node as a whole. */
			model: z.string(),
			reason: z.string(),
			failures: z.number(),
			/** Until it is tried again; 0: with the next request. */
			retry_in_ms: z.number(),
		}),
	),
	last_seen_ago_ms: z.number(),
	agent_version: z.string(),
	os: z.string(),
	gpus: z.array(
		z.object({
			name: z.string(),
			unified: z.boolean(),
			memory_total_gb: z.number().optional(),
			memory_used_gb: z.number().optional(),
			utilization_pct: z.number().optional(),
			temperature_c: z.number().optional(),
		}),
	),
	thermal: z.object({ state: z.string(), temperature_c: z.number().optional() }),
	disk: z.object({ total_gb: z.number(), available_gb: z.number() }).optional(),
	failed_probes: z.array(z.object({ probe: z.string(), reason: z.string() })),
});
export type NodeSnapshot = z.infer<typeof NodeSnapshotSchema>;

export const QueueSnapshotSchema = z.object({
	model: z.string(),
	/** Absent while requests wait: they are bound to a node only when one has a place. */
	node_id: z.string().nullable(),
	pending: z.number(),
	in_flight: z.number(),
	concurrency: z.number(),
	completed: z.number(),
	failed: z.number(),
});
export type QueueSnapshot = z.infer<typeof QueueSnapshotSchema>;

/** A download that runs through the router: its own, the page's, or a client's. */
const PullSnapshotSchema = z.object({
	/** Of the job; see `/dashboard/api/jobs`. */
	id: z.string(),
	by: z.enum(["router", "page", "client"]),
	model: z.string(),
	/** Null while it waits for others to end. */
	node_id: z.string().nullable(),
	/** Ollama's own word for what it does, or `failed`. */
	status: z.string(),
	completed_bytes: z.number(),
	total_bytes: z.number(),
	/** Requests that wait for the model. */
	waiting: z.number(),
	started_at: z.number(),
	/** Why it failed; it is shown for a minute. */
	error: z.string().optional(),
});
export type PullSnapshot = z.infer<typeof PullSnapshotSchema>;

export const FleetSnapshotSchema = z.object({
	fleet: z.object({
		nodes_total: z.number(),
		nodes_online: z.number(),
		models_loaded: z.number(),
		/** In flight on nodes. */
		requests_active: z.number(),
		/** Waiting for a place. */
		requests_waiting: z.number(),
		router_version: z.string(),
		started_at: z.number(),
	}),
	nodes: z.array(NodeSnapshotSchema),
	/** By `node:model` for running work, `*:model` for waiting requests. */
	queues: z.record(z.string(), QueueSnapshotSchema),
	pulls: z.array(PullSnapshotSchema),
	timestamp: z.number(),
});
export type FleetSnapshot = z.infer<typeof FleetSnapshotSchema>;
