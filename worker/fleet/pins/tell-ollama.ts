/** Tells a node's Ollama how long a model is to stay in memory, which loads it if it is not there. */
import * as z from "zod";
import { REQUEST_ID_HEADER } from "../../protocol/heartbeat.ts";
import type { Target } from "../targets.ts";

export interface Stay {
	readonly id: string;
	/** As the node writes it. */
	readonly name: string;
	readonly isEmbedder: boolean;
	/** Seconds, negative for good; or a duration as Go writes it. */
	readonly keepAlive: number | string;
	/** Absent: Ollama's choice, which a model in memory may not survive. */
	readonly numCtx: number | undefined;
}

/** `lost`: the door did not answer. */
export type Told = { readonly kind: "done" } | { readonly kind: "failed" | "lost"; readonly why: string };

const MAX_WHY = 200;
const ErrorSchema = z.looseObject({ error: z.string() });

/** Resolves once the model is in memory. Never throws. */
export async function tellOllama(target: Target, stay: Stay, { send, signal }: { send: typeof fetch; signal: AbortSignal }): Promise<Told> {
	try {
		const told = await ask(target, stay, { send, signal });
		// A model whose abilities nobody knows may be one for embeddings after all
		const isEmbedder = told.kind === "failed" && /does not support generate/.test(told.why) && !stay.isEmbedder;
		return isEmbedder ? await ask(target, { ...stay, isEmbedder }, { send, signal }) : told;
	} catch {
		if (signal.aborted) return { kind: "failed", why: String(signal.reason) };
		return { kind: "lost", why: "the connection to its door was refused or broke" };
	}
}

/** Both forms answer nothing but the load (reference/ollama-api.md 2.5). */
async function ask({ doorUrl, secret }: Target, stay: Stay, options: { send: typeof fetch; signal: AbortSignal }): Promise<Told> {
	const { id, name, isEmbedder, keepAlive, numCtx } = stay;
	const body = { model: name, keep_alive: forOllama(keepAlive), ...(numCtx !== undefined && { options: { num_ctx: numCtx } }) };
	const response = await options.send(doorUrl + (isEmbedder ? "/api/embed" : "/api/generate"), {
		method: "POST",
		headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", [REQUEST_ID_HEADER]: id },
		body: JSON.stringify(isEmbedder ? body : { ...body, stream: false }),
		redirect: "manual",
		signal: options.signal,
	});
	const text = await response.text();
	return response.ok ? { kind: "done" } : { kind: "failed", why: `its Ollama answered ${response.status}: ${wordsOf(text)}` };
}

/** It takes a bare number only as a number. */
function forOllama(keepAlive: Stay["keepAlive"]): Stay["keepAlive"] {
	const seconds = Number(keepAlive);
	return Number.isNaN(seconds) ? keepAlive : seconds;
}

function wordsOf(text: string): string {
	try {
		const parsed = ErrorSchema.safeParse(JSON.parse(text));
		return (parsed.data?.error ?? text).slice(0, MAX_WHY);
	} catch {
		return text.slice(0, MAX_WHY);
	}
}
