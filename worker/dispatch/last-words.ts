/** What the router writes behind an answer that broke off, so that nobody takes a part for the whole. Pure. */
import { readCounters } from "./counters.ts";
import { ENDPOINTS } from "./endpoints.ts";
import type { About, Passed, StreamForm } from "./forms/form.ts";

export interface LastWords {
	/** The end of the body must be looked at before the client hears of it. */
	readonly looksAtEnd: boolean;
	/** `broke`: the node's body was not terminated. Undefined when there is nothing to add. */
	after(passed: Passed, broke: boolean): Ending | undefined;
}

/** The connection is cut behind the text, or ended in order. */
export interface Ending {
	readonly text: string;
	readonly cut: boolean;
}

const JUST_ENDED = "the answer ended before it was complete: the model stopped, or repeated itself without end";

export interface Answered {
	readonly path: string;
	readonly nodeId: string;
	readonly about: () => About;
}

/** For a body that is no stream of the endpoint's form there are none: one JSON object that is not whole says so itself. */
export function lastWordsFor(upstream: Response, { path, nodeId, about }: Answered): LastWords | undefined {
	const form = ENDPOINTS[path]?.streams;
	const contentType = upstream.headers.get("content-type") ?? "";
	if (!form || !upstream.ok || !isOf(form, contentType) || upstream.headers.has("content-length")) return undefined;
	return {
		looksAtEnd: form.saysItIsWhole,
		after(passed, broke) {
			const { finished, error } = readCounters(passed.tail, contentType);
			if (finished || error !== undefined) return undefined;
			if (!broke && !form.saysItIsWhole) return undefined;
			const message = broke ? `node "${nodeId}" broke off in the middle of its answer` : JUST_ENDED;
			return { text: form.error({ status: 502, message }, passed, about()), cut: form.cutAfterError };
		},
	};
}

export function isOf(form: Pick<StreamForm, "contentType">, contentType: string): boolean {
	return contentType.split(";")[0]?.trim() === form.contentType;
}
