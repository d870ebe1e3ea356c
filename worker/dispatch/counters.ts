/** What the last bytes of an answer say about it, in each dialect. Pure. */

export interface Counters {
	readonly promptTokens: number | undefined;
	readonly completionTokens: number | undefined;
	readonly loadMs: number | undefined;
	readonly prefillMs: number | undefined;
	readonly decodeMs: number | undefined;
	readonly totalMs: number | undefined;
	readonly finishReason: string | undefined;
	/** The answer says itself that it is whole. */
	readonly finished: boolean;
	/** An error line or event at its end. */
	readonly error: string | undefined;
}

const NANOSECONDS_PER_MS = 1e6;
/** Where an answer says it is whole, by content type; a body that is one JSON object is whole when it has ended. (A long
 * `context` can push `done` out of the tail; the totals behind it stand only in a last line.) */
const FINISHED: Record<string, RegExp> = {
	"application/x-ndjson": /"(?:done":true|total_duration":\d)[^\n]*\n?$/,
	"text/event-stream": /^data: ?\[DONE\]|^event: message_stop|"type":"response\.(?:completed|incomplete)"/m,
};
export function readCounters(tail: string, contentType: string): Counters {
	const kind = contentType.split(";")[0]?.trim() ?? "";
	return {
		promptTokens: count(tail, /"(?:prompt_eval_count|prompt_tokens|input_tokens)":(\d+)/g),
		completionTokens: count(tail, /"(?:eval_count|completion_tokens|output_tokens)":(\d+)/g),
		loadMs: milliseconds(count(tail, /"load_duration":(\d+)/g)),
		prefillMs: milliseconds(count(tail, /"prompt_eval_duration":(\d+)/g)),
		decodeMs: milliseconds(count(tail, /"eval_duration":(\d+)/g)),
		totalMs: milliseconds(count(tail, /"total_duration":(\d+)/g)),
		finishReason: last(tail, /"(?:done_reason|finish_reason|stop_reason)":"([^"]+)"/g),
		finished: FINISHED[kind]?.test(tail) ?? true,
		error: errorIn(tail, kind),
	};
}

function errorIn(tail: string, kind: string): string | undefined {
	if (kind === "application/x-ndjson") return errorLine(tail);
	return kind === "text/event-stream" ? errorEvent(tail) : undefined;
}

function errorLine(tail: string): string | undefined {
	const line = tail.trimEnd().split("\n").at(-1) ?? "";
	return /^ *\{"error":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
}

/** An object under `error`, an event of type `error`, or a failed response; each on one line. */
function errorEvent(tail: string): string | undefined {
	const line = /^data: ?\{(?:"error":\{|[^\n]*"type":"(?:error|response\.failed)").*$/m.exec(tail)?.[0];
	return line && /"message":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
}

/** The last match counts: text before it may quote the same words. */
function last(tail: string, pattern: RegExp): string | undefined {
	return [...tail.matchAll(pattern)].at(-1)?.[1];
}

function count(tail: string, pattern: RegExp): number | undefined {
	const found = last(tail, pattern);
	return found === undefined ? undefined : Number(found);
}

function milliseconds(nanoseconds: number | undefined): number | undefined {
	return nanoseconds === undefined ? undefined : nanoseconds / NANOSECONDS_PER_MS;
}
