/** Beats early when work at the door changed what Ollama holds in memory: the router should not learn of a load seconds later. */
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { Clock } from "../clock.ts";

/** Ollama is asked at most this often on account of activity. */
const LOOK_EVERY_MS = 1_000;
/** A model is listed a moment after its first token. */
const SETTLE_MS = 100;

export interface EagerParts {
	/** Ollama's state now. */
	look: () => Promise<OllamaReport | undefined>;
	/** Beats at once unless the router knows these models in memory already. */
	tell: (report: OllamaReport) => void;
	clock: Clock;
	signal: AbortSignal;
}

/** The function returned is called whenever the door begins or ends an answer. */
export function eagerly({ look, tell, clock, signal }: EagerParts): () => void {
	let planned = false;
	let lookedAt = Number.NEGATIVE_INFINITY;
	const lookOnce = async () => {
		await clock.pause(Math.max(SETTLE_MS, lookedAt + LOOK_EVERY_MS - clock.now()), signal);
		planned = false;
		if (signal.aborted) return;
		lookedAt = clock.now();
		const report = await look();
		if (report && !signal.aborted) tell(report);
	};
	return () => {
		if (planned) return;
		planned = true;
		void lookOnce();
	};
}

/** What must be equal for two reports to tell the same about memory. */
export function residencyOf({ models_loaded: loaded }: OllamaReport): string {
	return JSON.stringify(loaded.map(({ name, context_length }) => [name, context_length]).toSorted());
}
