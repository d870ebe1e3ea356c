/** The file of the origin in pages of ours. */
import type { ImportPage, ImportState } from "../../worker/protocol/imports.ts";
import type { Attempt, Trace } from "../../worker/protocol/trace.ts";
import type { OriginFile, OriginRow } from "./origin-file.ts";
import { toAttempt, toTrace } from "./to-trace.ts";

const ROWS_AT_ONCE = 250;

/** A try that was followed by another, which is still to come. */
interface Tried {
	readonly row: OriginRow;
	readonly attempts: Attempt[];
}

export type Page = Pick<ImportPage, "rows" | "state"> & {
	/** Rows of the file that were read for it. */
	readonly read: number;
};

/** From where an earlier import stopped. A state reaches no further than what a new start would find again. */
export function* pagesOf(file: OriginFile, state: ImportState): Generator<Page> {
	const tried = new Map<string, Tried>();
	let { through: at, taken, skipped } = state;
	for (;;) {
		const found = file.rowsAfter(at, ROWS_AT_ONCE);
		const ended = found.length < ROWS_AT_ONCE;
		const traces = [...found.map((row) => follow(row, tried)), ...(ended ? [...tried.values()].map(asFailed) : [])];
		const rows = traces.filter((trace) => trace !== "later" && trace !== undefined) as Trace[];
		taken += rows.length;
		skipped += traces.filter((trace) => trace === undefined).length;
		at = found.at(-1)?.row_id ?? at;
		const through = ended ? at : Math.min(at, ...[...tried.values()].map(({ row }) => row.row_id - 1));
		yield { rows, read: found.length, state: { through, taken, skipped, finished: ended } };
		if (ended) return;
	}
}

/** "later": the request goes on in another row. Undefined: not a request. */
function follow(row: OriginRow, tried: Map<string, Tried>): Trace | "later" | undefined {
	const requestId = String(row.request_id);
	const { attempts } = tried.get(requestId) ?? { attempts: [] };
	tried.delete(requestId);
	if (row.status !== "retried") return toTrace(row, attempts);
	tried.set(requestId, { row, attempts: [...attempts, toAttempt(row)] });
	return "later";
}

/** The origin wrote no last row when no machine was left. */
function asFailed({ row, attempts }: Tried): Trace | undefined {
	return toTrace(row, attempts);
}
