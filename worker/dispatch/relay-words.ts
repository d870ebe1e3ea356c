/** Passes on what a node said to a request that was not placed on it. */
import { aboutOf } from "./forms/form.ts";
import { lastWordsFor } from "./last-words.ts";
import { meter } from "./meter.ts";
import type { Worded } from "./own-words.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { Dispatched, Ports } from "./ports.ts";
import type { StreamEnd } from "./stream-end.ts";
import { toOutcome } from "./to-trace.ts";

export function relayWords(request: ParsedRequest, worded: Worded, signal: AbortSignal, { now }: Ports): Dispatched {
	const { nodeId } = worded;
	const firstByteAt = now();
	const [status, given] = worded.kind === "refused" ? [worded.status, worded.headers] : [worded.upstream.status, worded.upstream.headers];
	const headers = new Headers(given);
	headers.set("X-Request-Id", request.id);
	headers.set("X-Fleet-Node", nodeId);
	const settle = (stream: { end: StreamEnd; bytes: number; tail: string; endedAt: number }) => {
		const ending = { kind: "worded", nodeId, status, contentType: headers.get("content-type") ?? "", firstByteAt, stream } as const;
		return toOutcome(request, { attempts: [], failures: [], queueMs: 0, endedAt: stream.endedAt, ending });
	};
	if (worded.kind === "refused") {
		const { text } = worded;
		const stream = { end: "complete", bytes: text.length, tail: text, endedAt: firstByteAt } as const;
		return { response: new Response(text, { status, headers }), settled: Promise.resolve(settle(stream)) };
	}
	const lastWords = lastWordsFor(worded.upstream, { path: request.path, nodeId, about: () => aboutOf(request, now()) });
	const { response, done } = meter(worded.upstream, { abort: worded.abort, clientSignal: signal, headers, now, lastWords });
	return { response, settled: done.then(settle) };
}
