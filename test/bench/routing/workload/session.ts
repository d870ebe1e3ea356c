/** The work of a scenario: sessions of turns, drawn before the run, so that every policy gets the same. */
import type { RequestClass } from "../../../../worker/protocol/inference.ts";
import type { ModelSpec } from "../catalogue/models.ts";

export interface Turn {
	/** The whole prompt: system, history, question. */
	readonly promptTokens: number;
	readonly outputTokens: number;
	/** Seconds after the answer before; 0 for the first. */
	readonly thinkS: number;
}

export interface Session {
	readonly id: string;
	readonly key: string;
	/** What kind of client it is; the tag it sends. */
	readonly app: string;
	readonly model: ModelSpec;
	readonly requestClass: RequestClass;
	readonly startAt: number;
	readonly turns: readonly Turn[];
	/** The prompt's beginning that all sessions of this name share. */
	readonly system: { readonly name: string; readonly tokens: number };
}

/** Work sent straight to a node, past the router. */
export interface ExternalJob {
	readonly nodeId: string;
	readonly at: number;
	readonly session: Session;
}

/** Tokens of a turn's prompt that the turn before left in a cache. */
export function sharedWithBefore({ turns }: Session, index: number): number {
	const before = turns[index - 1];
	return before ? before.promptTokens + before.outputTokens : 0;
}
