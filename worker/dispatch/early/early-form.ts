/** How an answer that is long in coming can begin before its status is known (reference/clients.md 1). Pure. */
import { ENDPOINTS } from "../endpoints.ts";
import type { About, StreamForm } from "../forms/form.ts";
import type { ParsedRequest } from "../parse-request.ts";

/** `stream`: undefined for one JSON object, before which there may be blanks. */
export interface EarlyForm {
	readonly contentType: string;
	readonly stream: StreamForm | undefined;
}

const BLANK = " ";

/** Undefined where nothing can be said early: the answer to a form may be sound or plain text, and images have streams of their own. */
export function earlyFormOf({ path, dialect, stream, decoded }: ParsedRequest): EarlyForm | undefined {
	const streams = ENDPOINTS[path]?.streams;
	if (!decoded || (stream && !streams)) return undefined;
	if (stream && streams) return { contentType: streams.contentType, stream: streams };
	return { contentType: dialect === "ollama" ? "application/json; charset=utf-8" : "application/json", stream: undefined };
}

/** The keep-alive after so many others, `everyMs` apart, with news of the request where its API has room for them. */
export function keepAlive({ stream }: EarlyForm, about: About, beat: Beat, news?: string): string {
	if (!stream) return BLANK;
	const bytes = beat.count === 0 ? stream.opening(about) : stream.keepAlive(about, startsMinute(beat));
	return news === undefined || !stream.comment ? bytes : bytes + stream.comment(news);
}

export interface Beat {
	readonly count: number;
	readonly everyMs: number;
}

const MINUTE_MS = 60_000;

function startsMinute({ count, everyMs }: Beat): boolean {
	return Math.floor((count * everyMs) / MINUTE_MS) > Math.floor(((count - 1) * everyMs) / MINUTE_MS);
}
