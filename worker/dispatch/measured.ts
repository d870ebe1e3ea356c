/** The speed that an answer shows: by Ollama's own counters, or by the clock where its API has none. Pure. */
import type { Measured } from "../protocol/measured.ts";
import type { Counters } from "./counters.ts";

export interface Timing {
	/** Epoch milliseconds: sent to the node, first byte back, last byte back. */
	readonly sentAt: number;
	readonly firstByteAt: number;
	readonly endedAt: number;
	readonly streamed: boolean;
	/** The model was in memory, so that nothing but the prompt came before the first byte. */
	readonly resident: boolean;
	readonly stream: { readonly bytes: number; readonly tail: string };
}

const EVENT = /^data: \{/gm;

export function measuredOf(counters: Counters, timing: Timing): Measured {
	const { promptTokens, completionTokens, loadMs, prefillMs, decodeMs, totalMs } = counters;
	if (totalMs !== undefined) return { promptTokens, outputTokens: completionTokens, prefillMs, decodeMs, loadMs, totalMs };
	const { sentAt, firstByteAt, endedAt, streamed, resident } = timing;
	const outputTokens = completionTokens ?? (streamed ? countedEvents(timing) : undefined);
	return {
		promptTokens,
		outputTokens,
		...(streamed && { decodeMs: endedAt - firstByteAt }),
		...(streamed && resident && { prefillMs: firstByteAt - sentAt }),
		totalMs: endedAt - sentAt,
	};
}

/** Ollama sends one event a token; its last ones show how long they are, so that the whole stream need not be read. */
function countedEvents({ stream: { bytes, tail } }: Timing): number | undefined {
	const events = tail.match(EVENT)?.length ?? 0;
	const from = tail.search(EVENT);
	return events < 2 ? undefined : Math.round((bytes * events) / (tail.length - from));
}
