/** What the router reads of a request that it forwards. The body itself is never rebuilt from this. */
import * as z from "zod";

/** The API a client speaks; decides error envelopes and stream form. The column `original_format` of a trace. */
export type Dialect = "ollama" | "openai" | "anthropic";

export type RequestClass = "interactive" | "agent" | "batch";

const Message = z.looseObject({ content: z.unknown(), images: z.array(z.unknown()).nullish() });

/** Lenient on purpose: a field of the wrong type is Ollama's to refuse, in its own words. */
export const InferenceBodySchema = z.looseObject({
	model: z.string().catch(""),
	stream: z.boolean().optional().catch(undefined),
	messages: z.array(Message).optional().catch(undefined),
	prompt: z.unknown().optional(),
	input: z.unknown().optional(),
	system: z.unknown().optional(),
	instructions: z.unknown().optional(),
	tools: z.unknown().optional(),
	options: z.looseObject({}).nullish().catch(undefined),
	fallback_models: z.array(z.string()).nullish().catch(undefined),
	user: z.string().optional().catch(undefined),
	metadata: z
		.looseObject({ tags: z.array(z.unknown()).optional().catch(undefined) })
		.nullish()
		.catch(undefined),
});
export type InferenceBody = z.infer<typeof InferenceBodySchema>;

/** What routing knows of a request. `promptTokens` is an estimate from its characters, at least 1. */
export interface RouteRequest {
	readonly id: string;
	/** As the client wrote it. */
	readonly model: string;
	/** The client's own `fallback_models`, in order. */
	readonly fallbacks: readonly string[];
	readonly path: string;
	readonly dialect: Dialect;
	/** The context asked for by `options.num_ctx`, on Ollama's own routes. */
	readonly numCtx: number | undefined;
	/** Only this very model will do: its own template, tokens or vectors, or `fallback: false`. */
	readonly tiedToModel: boolean;
	/** Its messages carry images: a model that can't see must not answer. */
	readonly needsVision: boolean;
	readonly promptTokens: number;
	readonly requestClass: RequestClass;
	readonly tags: readonly string[];
	/** Nodes that failed this request already. */
	readonly excluded: readonly string[];
	/** The one node it may go to, where the client names one: for measuring. */
	readonly onlyNode?: string;
	/** Epoch milliseconds at which the router got the request. */
	readonly arrivedAt: number;
	/** Whose answers to expect, by their usual length: the first tag, else the client. "" when neither is known. */
	readonly app: string;
	/** Whom fairness is between: the key it came with, as a hash, else its first tag. "" when neither is known. */
	readonly client: string;
	/** Where its messages end, for telling which node has read them before; in order. */
	readonly marks: readonly PrefixMark[];
}

/** A prompt up to the end of one of its messages. */
export interface PrefixMark {
	/** Of everything up to here. Never stored outside memory, and worthless without the installation's secret. */
	readonly hash: string;
	readonly tokens: number;
}
