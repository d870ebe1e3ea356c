/** Work on the models of machines that takes its time, and what is on their disks: the page's requests and their answers. */
import * as z from "zod";

const Model = z.string('must be a model\'s name such as "llama3.1:8b"').trim().min(1, 'must be a model\'s name such as "llama3.1:8b"');
const NodeId = z.string("must be a machine's name").trim();
const Switch = z.boolean("must be true or false").default(false);

/** `POST /dashboard/api/pull`. */
export const PullWishSchema = z.object({
	model: Model,
	/** "" leaves the choice to the router. */
	node_id: NodeId.default(""),
	/** Answer when it has ended. */
	wait: Switch,
});

/** `POST /dashboard/api/delete`. */
export const DeleteWishSchema = z.object({
	model: Model,
	node_id: NodeId.min(1, "must be a machine's name"),
	/** Although it answers requests now, or is pinned. */
	force: Switch,
});

export const JobSchema = z.object({
	id: z.string(),
	kind: z.enum(["pull", "delete"]),
	model: z.string(),
	/** Null until one is chosen. */
	node_id: z.string().nullable(),
	state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
	/** Ollama's own word for what it does. */
	status: z.string(),
	completed_bytes: z.number(),
	/** 0: not known yet. */
	total_bytes: z.number(),
	/** Epoch seconds. */
	started_at: z.number(),
	ended_at: z.number().nullable(),
	/** `page`: asked for here. `router`: for a request whose model nobody had. `client`: through `/api/pull`. */
	by: z.enum(["page", "router", "client"]),
	cancellable: z.boolean(),
	error: z.string().optional(),
});
export type Job = z.infer<typeof JobSchema>;

/** Newest first; those that ended stay for a while. */
export const JobListSchema = z.object({ jobs: z.array(JobSchema) });

/** The answer to both wishes; `job` tells how it stands. */
export const JobStartedSchema = z.object({
	ok: z.literal(true),
	/** "" until one is chosen. */
	node_id: z.string(),
	model: z.string(),
	job: JobSchema,
});
export type JobStarted = z.infer<typeof JobStartedSchema>;

/** `GET /dashboard/api/model-management`. GB are GiB, as in `/fleet/status`. */
export const ModelManagementSchema = z.object({
	nodes: z.array(
		z.object({
			node_id: z.string(),
			status: z.string(),
			models: z.array(
				z.object({
					name: z.string(),
					display_name: z.string(),
					category: z.string(),
					size_gb: z.number(),
					parameter_size: z.string(),
					quantization: z.string(),
					/** Epoch seconds; null: never through this router. */
					last_used: z.number().nullable(),
					days_unused: z.number().nullable(),
					total_requests: z.number(),
					loaded_in_vram: z.boolean(),
					/** Never used, or not for a week. */
					unused: z.boolean(),
					/** It answers now. */
					busy: z.boolean(),
					pinned: z.boolean(),
				}),
			),
			total_size_gb: z.number(),
			disk_available_gb: z.number().nullable(),
			disk_total_gb: z.number().nullable(),
		}),
	),
});
export type ModelManagement = z.infer<typeof ModelManagementSchema>;
