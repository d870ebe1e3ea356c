import type { FailureKind } from "./failure.ts";

/** What an answer's course says about the speed of the machine that gave it. Absent: not told, and not to be told from outside. */
export interface Measured {
	/** The whole prompt, remembered beginnings too. */
	readonly promptTokens?: number | undefined;
	readonly outputTokens?: number | undefined;
	/** Reading what of the prompt was not remembered. */
	readonly prefillMs?: number | undefined;
	readonly decodeMs?: number | undefined;
	/** Waiting inside Ollama for a load is in it. */
	readonly loadMs?: number | undefined;
	/** From Ollama's own arrival of the request to its end. */
	readonly totalMs?: number | undefined;
	/** It ended before it was whole, by the node's doing. */
	readonly failure?: FailureKind;
}
