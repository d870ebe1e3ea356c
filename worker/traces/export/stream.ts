/** All traces that a filter finds, page by page as fast as they are taken: nothing is held, and no query is long. */
import type { Position, TraceFilter } from "../filter.ts";
import { tracePage } from "../queries.ts";
import type { ExportFormat } from "./format.ts";

const ROWS_AT_ONCE = 250;

export function exportStream(database: D1Database, filter: TraceFilter, { head, line }: ExportFormat): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	let from: Position | undefined;
	return new ReadableStream({
		start(controller) {
			if (head !== "") controller.enqueue(encoder.encode(head));
		},
		async pull(controller) {
			const text = await nextText();
			if (text !== "") controller.enqueue(encoder.encode(text));
			if (from === undefined) controller.close();
		},
	});

	/** Empty only at the end. */
	async function nextText(): Promise<string> {
		do {
			const page = await tracePage(database, { filter, from, limit: ROWS_AT_ONCE });
			from = page.next;
			if (page.traces.length > 0) return page.traces.map(line).join("");
		} while (from !== undefined);
		return "";
	}
}
