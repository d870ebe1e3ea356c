/** What the router reads of requests about models on disk, and of a node's list. The bodies themselves stay as they came. */
import * as z from "zod";
import { InstalledModelSchema } from "./ollama.ts";

const Text = z.string().catch("");
/** File name to digest. */
const Digests = z.record(z.string(), z.string()).catch({});

/** Lenient on purpose: a field of the wrong type is Ollama's to refuse, in its own words. Keys are in lower case. */
export const ManageBodySchema = z.looseObject({
	model: Text,
	/** The old key for `model`, which ollama-js still sends. */
	name: Text,
	source: Text,
	from: Text,
	files: Digests,
	adapters: Digests,
	stream: z.boolean().catch(true),
	/** Ours: the node that is meant. */
	node_id: Text,
});
export type ManageBody = z.infer<typeof ManageBodySchema>;

/** A node's `/api/tags`. */
export const InstalledListSchema = z.looseObject({ models: z.array(InstalledModelSchema) });

/** A line of a pull's progress. `error` is the last one, in a stream that began with status 200. */
export const PullLineSchema = z.looseObject({
	status: z.string().optional(),
	digest: z.string().optional(),
	total: z.number().optional(),
	completed: z.number().optional(),
	error: z.string().optional(),
});
export type PullLine = z.infer<typeof PullLineSchema>;
