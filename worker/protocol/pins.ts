/** Requests about models that are to stay in memory, and the answers: the origin's fields, then ours. */
import * as z from "zod";

const MAX_WAIT_S = 600;

const Model = z.string('must be a model\'s name such as "llama3.1:8b"').trim().min(1, 'must be a model\'s name such as "llama3.1:8b"');

/** `POST /fleet/pin`. */
export const PinRequestSchema = z.object({
	model: Model,
	/** "" leaves the choice to the router. */
	node_id: z.string("must be a node's name").trim().default(""),
	/** Answer when the model is in memory, or after `timeout_s`. */
	wait: z.boolean("must be true or false").default(false),
	timeout_s: z
		.number("must be a number of seconds")
		.min(0, "must not be negative")
		.max(MAX_WAIT_S, `must be at most ${MAX_WAIT_S}`)
		.default(30),
	/** Without the arithmetic. */
	force: z.boolean("must be true or false").default(false),
});

/** `POST /dashboard/api/pinned-models`. */
export const PinnedModelSchema = z.object({
	node_id: z.string("must be a node's name").trim().min(1, "must be a node's name"),
	model: Model,
	pinned: z.boolean("must be true or false"),
	force: z.boolean("must be true or false").default(false),
});

const PerNode = z.record(z.string(), z.array(z.string()));

export const PinListSchema = z.object({
	/** As in `FLEET_PINNED_MODELS`. */
	env_pins: z.array(z.string()),
	/** Pinned at run time. */
	per_node: PerNode,
	/** Models in memory up to which the preloader fills a node. */
	max_count: z.number(),
	/** All pins, those of the environment with the node they are for now. */
	pins: z.array(
		z.object({
			node_id: z.string(),
			model: z.string(),
			by: z.enum(["environment", "request"]),
			resident: z.boolean(),
			/** Why it is not in memory; absent when it is, or comes. */
			problem: z.string().optional(),
		}),
	),
	/** Of the environment, and no node can have them now. */
	unplaced: z.array(z.string()),
});
export type PinList = z.infer<typeof PinListSchema>;

export const PinnedSchema = z.object({
	ready: z.boolean(),
	/** Null while it is not ready. */
	ready_after_ms: z.number().nullable(),
	pinned_node: z.string(),
	per_node: PerNode,
	problem: z.string().optional(),
});
export type Pinned = z.infer<typeof PinnedSchema>;

/** `GET /fleet/limits`. */
export const LimitsSchema = z.object({
	max_retries: z.number(),
	/** Models in memory up to which the preloader fills a node. */
	hot_model_cap: z.number(),
	queue_max: z.number(),
	queue_timeout_s: z.number(),
	first_byte_timeout_s: z.number(),
	max_body_mb: z.number(),
	nodes: z.array(
		z.object({
			node_id: z.string(),
			status: z.string(),
			/** Models in memory at once: Ollama's own limit. */
			hot_model_cap: z.number(),
			models_loaded: z.number(),
			/** Models that go in beside those, as far as their number is concerned. */
			free_slots: z.number(),
			/** Requests of one model at once, and how many of all models run now. */
			places: z.number(),
			requests_active: z.number(),
			/** What models can fill, where Ollama looks at that; and what pins may take of it. */
			usable_gb: z.number().nullable(),
			pinnable_gb: z.number(),
			pinned: z.array(z.string()),
		}),
	),
});
export type Limits = z.infer<typeof LimitsSchema>;
