/**
 * What an agent tells the router about its machine every five seconds, and what the router answers.
 * An absent value is unknown, never zero.
 */
import * as z from "zod";
import { CapacityReportSchema } from "./capacity.ts";
import { InstalledModelSchema, ResidentModelSchema } from "./ollama.ts";

/** Version of this contract; a router also takes the minor before its own. */
export const PROTOCOL_VERSION = "1.0";

const Bytes = z.number().nonnegative();
const Ratio = z.number().min(0).max(1);
/** What a machine can have, many times over: a beat must not be able to fill the router's memory. */
const MAX_ENTRIES = 128;
const MAX_MODELS = 5_000;
const MAX_TEXT = 200;
const MAX_REASON = 2_000;

/** A machine's name in the fleet: shown, stored and sent in headers, so plain characters only. */
export const NodeIdSchema = z
	.string()
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be 1 to 63 letters, digits, dots, dashes or underscores");

const GpuSchema = z.object({
	id: z.string().max(MAX_TEXT),
	name: z.string().max(MAX_TEXT),
	vendor: z.enum(["nvidia", "amd", "apple", "intel", "other"]),
	/** Shares the machine's memory (Apple silicon, GB10, APUs). */
	unified: z.boolean(),
	memory_total_bytes: Bytes.optional(),
	memory_used_bytes: Bytes.optional(),
	utilization_ratio: Ratio.optional(),
	temperature_celsius: z.number().optional(),
});
export type Gpu = z.infer<typeof GpuSchema>;

const OllamaReportSchema = z.object({
	/**
	 * `busy`: it runs, but did not answer in time. `crashed`: it ran before and its port is closed now. `too-old`: it answers, but
	 * lacks what the router needs.
	 */
	state: z.enum(["running", "busy", "starting", "stopped", "crashed", "too-old", "not-installed"]),
	version: z.string().optional(),
	settings: z.object({
		num_parallel: z.number().int().positive().optional(),
		max_loaded_models: z.number().int().nonnegative().optional(),
		keep_alive: z.string().optional(),
		context_length: z.number().int().nonnegative().optional(),
		/** Where the values were read: the service's environment, or guessed from what the server does. */
		source: z.enum(["environment", "inferred"]).optional(),
	}),
	/** `/api/ps` as Ollama gave it. */
	models_loaded: z.array(ResidentModelSchema).max(MAX_ENTRIES),
	/** `/api/tags` as Ollama gave it; absent means unchanged since this agent last sent it. */
	models_available: z.array(InstalledModelSchema).max(MAX_MODELS).optional(),
});
export type OllamaReport = z.infer<typeof OllamaReportSchema>;

export const HeartbeatSchema = z.object({
	protocol: z.string().regex(/^\d+\.\d+$/),
	node_id: NodeIdSchema,
	/** Random, made once per machine; tells two machines of the same name apart. */
	machine_id: z.string().min(8).max(64),
	agent_version: z.string().max(40),
	/** The agent's clock, epoch milliseconds. */
	sent_at: z.number(),
	/** Where the router reaches this machine's door, `http://192.168.1.20:11436`; absent while the door is closed. */
	door_url: z.url({ protocol: /^https?$/ }).optional(),
	/** Finish what runs, take nothing new. */
	draining: z.boolean().default(false),
	platform: z.object({
		os: z.string().max(MAX_TEXT),
		arch: z.string().max(MAX_TEXT),
		/** What models run on: the graphics card where there is one with memory of its own, else the processor. */
		chip: z.string().max(MAX_TEXT).optional(),
		/** Peak bandwidth of the memory that models run from, decimal GB/s. */
		memory_bandwidth_gbps: z.number().positive().optional(),
	}),
	cpu: z.object({
		cores_physical: z.number().int().positive().optional(),
		utilization_ratio: Ratio.optional(),
	}),
	memory: z.object({
		total_bytes: Bytes,
		used_bytes: Bytes,
		available_bytes: Bytes,
		pressure: z.enum(["normal", "warn", "critical", "unknown"]),
	}),
	gpus: z.array(GpuSchema).max(MAX_ENTRIES).default([]),
	thermal: z.object({
		state: z.enum(["nominal", "warning", "critical", "unknown"]),
		temperature_celsius: z.number().optional(),
	}),
	/** The file system that holds Ollama's models. */
	disk: z.object({ path: z.string(), total_bytes: Bytes, available_bytes: Bytes }).optional(),
	battery: z.object({ charge_ratio: Ratio.optional(), on_battery: z.boolean() }).optional(),
	ollama: OllamaReportSchema,
	/** Request ids now passing through the door. */
	in_flight: z.array(z.string().max(MAX_TEXT)).max(MAX_MODELS).default([]),
	/** Those of them that Ollama loads or computes for: not downloads and questions. */
	at_work: z.array(z.string().max(MAX_TEXT)).max(MAX_MODELS).default([]),
	/** Those at work through which nothing has come back for a while. */
	quiet: z
		.array(z.object({ request_id: z.string().max(MAX_TEXT), quiet_ms: z.number().nonnegative() }))
		.max(MAX_MODELS)
		.default([]),
	/** Requests at Ollama that did not come through the door; absent: not known. */
	external_jobs: z.number().int().nonnegative().max(1_000).optional(),
	/** What the owner leaves to the fleet; absent: all of it. */
	capacity: CapacityReportSchema.optional(),
	/** Probes that gave nothing this time, with their reason. */
	failed_probes: z
		.array(z.object({ probe: z.string().max(MAX_TEXT), reason: z.string().max(MAX_REASON) }))
		.max(MAX_ENTRIES)
		.default([]),
});
export type Heartbeat = z.infer<typeof HeartbeatSchema>;
export type HeartbeatInput = z.input<typeof HeartbeatSchema>;

/** Sent once when an agent is stopped on purpose: the node is offline at once, not after 30 seconds. */
export const FarewellSchema = z.object({
	node_id: NodeIdSchema,
	machine_id: z.string().min(8).max(64),
	leaving: z.literal(true),
});
export type Farewell = z.infer<typeof FarewellSchema>;

/** The origin's form: a node takes itself out of service, or back, until told otherwise. It runs on and goes on beating. */
export const DrainSchema = z.strictObject({ node_id: NodeIdSchema, draining: z.boolean() });
export type Drain = z.infer<typeof DrainSchema>;

export const HeartbeatReplySchema = z.object({
	status: z.enum(["ok", "pending", "draining"]),
	/** How the router sees the node now. */
	node_status: z.string().optional(),
	/** Sent when the node joins: the agent keeps it, sends it with every later beat, and its door takes nothing else. */
	secret: z.string().optional(),
	/** The router does not know this node's installed models: send `models_available` with the next beat. */
	need_models: z.boolean().optional(),
	/** The router does not know this node's week: send `capacity.week` with the next beat. */
	need_week: z.boolean().optional(),
	/** For a person: how a pending node gets in. */
	message: z.string().optional(),
});
export type HeartbeatReply = z.infer<typeof HeartbeatReplySchema>;

/** `Authorization: Bearer SECRET` carries a node's own secret, on beats and at its door. */
export const JOIN_TOKEN_HEADER = "x-fleet-join-token";
/** On requests at the door: the router's id for the request, the one in the trace. */
export const REQUEST_ID_HEADER = "x-request-id";
/** On requests at the door: the model that must be loaded first. The door finishes a load whose client leaves. */
export const LOADS_HEADER = "x-fleet-loads";
