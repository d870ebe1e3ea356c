/** The recorded exchanges: what was asked of a real Ollama, and every byte it answered. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const HeaderSchema = z.tuple([z.string(), z.string()]);

const StepSchema = z.union([z.object({ method: z.string(), path: z.string(), body: z.unknown() }), z.literal("settle")]);
export type Step = z.infer<typeof StepSchema>;

const RecordingSchema = z.object({
	case: z.string(),
	before: z.array(StepSchema).default([]),
	request: z.object({
		method: z.string(),
		path: z.string(),
		headers: z.array(HeaderSchema),
		body: z.string().optional(),
		body_b64: z.string().optional(),
	}),
	response: z.object({
		status: z.number(),
		statusText: z.string(),
		version: z.string(),
		headers: z.array(HeaderSchema),
		framing: z.enum(["content-length", "chunked", "none"]),
		end: z.string(),
		interim: z.string().optional(),
		chunks: z.array(z.object({ text: z.string() })),
	}),
});
export type Recording = z.infer<typeof RecordingSchema>;

/** Cases that need another's effect, in the order they were recorded; all of one second, so that their dates don't tell. */
const CHAINS = [
	["ps-empty", "ps-one", "ps-two", "ps-keepalive-forever"],
	["copy-ok", "delete-ok", "delete-missing", "delete-name-key"],
	["create-from-stream", "create-from-nonstream", "delete-derived"],
	["pull-ok-stream", "pull-again-stream", "pull-again-nonstream", "tags-after-pull", "delete-pulled"],
	["blob-post-created", "blob-post-exists"],
];

/** In the order of the recording. */
export function readRecordings(folder: string): Recording[] {
	const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
	const recordings = files.map((name) => RecordingSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
	return recordings.toSorted((one, other) => recordedAt(one) - recordedAt(other) || place(one) - place(other));
}

function recordedAt({ response }: Recording): number {
	const date = response.headers.find(([name]) => name === "Date")?.[1];
	return date === undefined ? 0 : Date.parse(date);
}

function place({ case: name }: Recording): number {
	return Math.max(...CHAINS.map((chain) => chain.indexOf(name)));
}

export function requestBody({ request }: Recording): Buffer {
	return request.body_b64 === undefined ? Buffer.from(request.body ?? "") : Buffer.from(request.body_b64, "base64");
}
