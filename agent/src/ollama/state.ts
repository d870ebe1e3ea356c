/** Ollama's state by what it answers to the questions of one beat; pure. */
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { OllamaAnswer } from "./client.ts";

type State = OllamaReport["state"];

/** What is remembered from beat to beat. */
export interface Past {
	/** Whether it has ever been there since the agent began. */
	hasRun: boolean;
	/** At the last look nothing was there, or it was still starting. */
	isAway: boolean;
}

/**
 * `needed` are the answers without which the router can't work. Silence from a port that takes connections is a busy Ollama,
 * unless the port was closed before: while it looks for graphics cards, it listens and does not answer yet.
 */
export function stateBy(needed: readonly OllamaAnswer[], { hasRun, isAway }: Past, isInstalled: boolean): State {
	const kinds = new Set(needed.map(({ kind }) => kind));
	if (kinds.has("closed")) return hasRun ? "crashed" : isInstalled ? "stopped" : "not-installed";
	if (kinds.has("unknown-path")) return "too-old";
	if (!kinds.has("busy")) return "running";
	return isAway ? "starting" : "busy";
}

export function pastAfter(state: State, { hasRun }: Past): Past {
	return {
		hasRun: hasRun || state === "running" || state === "busy",
		isAway: state === "stopped" || state === "crashed" || state === "not-installed" || state === "starting",
	};
}
