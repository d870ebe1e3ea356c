/** `GET` and `POST /dashboard/api/settings`: the origin's fields, then ours. */
import * as z from "zod";

/** Where a value comes from; `flag`, `env`, `file` and `data-folder` as the launcher tells. A flag locks. */
export const SourceSchema = z.enum(["default", "env", "file", "flag", "data-folder", "run-time"]);
export type Source = z.infer<typeof SourceSchema>;

/** What `herd` tells the worker about its start, as JSON in the binding `HERD_LAUNCH`. */
export const LaunchSchema = z.object({
	host: z.string(),
	port: z.number(),
	data_dir: z.string(),
	log_level: z.string(),
	hostname: z.string(),
	/** By variable; what is not in it was left to its default. */
	sources: z.record(z.string(), SourceSchema),
});
export type Launch = z.infer<typeof LaunchSchema>;

export const SettingSchema = z.object({
	/** The environment's, and the one that a change may use as well. */
	name: z.string(),
	key: z.string(),
	group: z.string(),
	label: z.string(),
	description: z.string(),
	form: z.enum(["boolean", "number", "text", "choice", "list", "record"]),
	unit: z.string().optional(),
	minimum: z.number().optional(),
	choices: z.array(z.string()).optional(),
	/** Null where there is none, and for secrets. */
	default: z.unknown(),
	/** The one in force; null for secrets. */
	value: z.unknown(),
	source: SourceSchema,
	/** It can be changed here now: it is no setting of the start, and no flag has it. */
	changeable: z.boolean(),
	/** A flag of the command has it. */
	locked: z.boolean(),
	/** Only whether it is set is told. */
	secret: z.boolean(),
	is_set: z.boolean(),
});
export type Setting = z.infer<typeof SettingSchema>;

export const SettingChangeSchema = z.object({
	/** Epoch seconds. */
	at: z.number(),
	/** Whose key it was; `open` when none was asked for. */
	by: z.string(),
	name: z.string(),
	from: z.unknown(),
	to: z.unknown(),
	/** The change took the run-time value away again. */
	undone: z.boolean(),
});
export type SettingChange = z.infer<typeof SettingChangeSchema>;

export const SettingsReportSchema = z.object({
	router_version: z.string(),
	router_hostname: z.string(),
	/** As the origin groups them; of its features that this router does not have, only that they are off. */
	config: z.record(z.string(), z.unknown()),
	nodes: z.array(
		z.looseObject({
			node_id: z.string(),
			status: z.string(),
			agent_version: z.string(),
			ip: z.string(),
			models_loaded_count: z.number(),
			is_router: z.boolean(),
			embed_models: z.array(z.string()),
		}),
	),
	groups: z.array(z.object({ id: z.string(), label: z.string() })),
	settings: z.array(SettingSchema),
	/** Newest first. */
	changes: z.array(SettingChangeSchema),
});
export type SettingsReport = z.infer<typeof SettingsReportSchema>;

export const SettingsChangedSchema = z.object({
	status: z.enum(["updated", "no_change"]),
	/** By the names used, as they are in force now. */
	updated: z.record(z.string(), z.unknown()).optional(),
	message: z.string().optional(),
	/** The origin's, of features that this router does not have. */
	ignored: z.array(z.string()).optional(),
	/** The origin's two; always empty: what is taken is kept, and in force. */
	not_persisted: z.array(z.string()).optional(),
	restart_required: z.array(z.string()).optional(),
});
export type SettingsChanged = z.infer<typeof SettingsChangedSchema>;
