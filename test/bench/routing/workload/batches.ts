/** Batch work and other single requests of the scenarios. */
import { LLAMA_8B, type ModelSpec, NOMIC } from "../catalogue/models.ts";
import { clamp, type Draws } from "../draws.ts";
import type { Session } from "./session.ts";

const SUMMARY_EVERY_S = 0.05;
const EMBEDDING_EVERY_S = 0.1;

export function summaries(draws: Draws, count: number, startAt: number, model: ModelSpec = LLAMA_8B): Session[] {
	return Array.from({ length: count }, (_, index) =>
		single({
			id: `summary-${index}`,
			key: "summaries",
			app: "summary",
			model,
			requestClass: "batch",
			startAt: startAt + index * SUMMARY_EVERY_S,
			promptTokens: Math.round(draws.uniform(3000, 10_000)),
			outputTokens: Math.round(clamp(draws.lognormal(300, 0.4), 50, 1000)),
		}),
	);
}

export function embeddings(draws: Draws, count: number, startAt: number): Session[] {
	return Array.from({ length: count }, (_, index) =>
		single({
			id: `embedding-${index}`,
			key: "embeddings",
			app: "embed",
			model: NOMIC,
			requestClass: "batch",
			startAt: startAt + index * EMBEDDING_EVERY_S,
			promptTokens: Math.round(draws.uniform(100, 500)),
			outputTokens: 0,
		}),
	);
}

/** A session of one turn that shares nothing with others. */
export function single({
	promptTokens,
	outputTokens,
	...rest
}: Omit<Session, "turns" | "system"> & { promptTokens: number; outputTokens: number }): Session {
	return { ...rest, turns: [{ promptTokens, outputTokens, thinkS: 0 }], system: { name: rest.id, tokens: 0 } };
}
