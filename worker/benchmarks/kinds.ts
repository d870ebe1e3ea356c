/** What is asked of a model of each type, and what its answer tells. */
import * as z from "zod";
import type { ModelType } from "../protocol/benchmarks.ts";
import type { Pair } from "./plan.ts";

const TOKENS = 96;
const WARM_UP_TOKENS = 1;

/** What Ollama says of its own work, in the last line or the whole of an answer; times in nanoseconds. */
const CountersSchema = z.looseObject({
	prompt_eval_count: z.number().optional(),
	prompt_eval_duration: z.number().optional(),
	eval_count: z.number().optional(),
	eval_duration: z.number().optional(),
	error: z.string().optional(),
	message: z.looseObject({ content: z.string().optional(), thinking: z.string().optional() }).optional(),
});
export type Line = z.infer<typeof CountersSchema>;

export interface Kind {
	readonly path: string;
	readonly body: (pair: Pair, prompt: string, isWarmUp: boolean) => unknown;
}

export const KINDS: Record<ModelType, Kind> = {
	llm: {
		path: "/api/chat",
		body: ({ model, thinks }, prompt, isWarmUp) => ({
			model,
			messages: [{ role: "user", content: prompt }],
			stream: true,
			// Thoughts are as many as they like
			...(thinks && { think: false }),
			options: { num_predict: isWarmUp ? WARM_UP_TOKENS : TOKENS },
		}),
	},
	embed: { path: "/api/embed", body: ({ model }, prompt) => ({ model, input: prompt }) },
};

/** Undefined for what is no line of an answer. */
export function readLine(text: string): Line | undefined {
	try {
		return CountersSchema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}

export function saysSomething({ message }: Line): boolean {
	return Boolean(message?.content) || Boolean(message?.thinking);
}
