/** The forms in which traces leave: one line each. Pure. */
import { type Trace, TraceSchema } from "../../protocol/trace.ts";

export interface ExportFormat {
	readonly contentType: string;
	/** Before the first row. */
	readonly head: string;
	readonly line: (trace: Trace) => string;
}

const COLUMNS = Object.keys(TraceSchema.shape) as (keyof Trace)[];

export const EXPORT_FORMATS = {
	ndjson: { contentType: "application/x-ndjson", head: "", line: (trace) => `${JSON.stringify(trace)}\n` },
	csv: {
		contentType: "text/csv; charset=utf-8",
		head: `${COLUMNS.join(",")}\r\n`,
		line: (trace) => `${COLUMNS.map((column) => csvCell(trace[column])).join(",")}\r\n`,
	},
} as const satisfies Record<string, ExportFormat>;
export type ExportFormatName = keyof typeof EXPORT_FORMATS;

/** A text that begins so is a formula to a spreadsheet: names of models and tags are whatever a client sent. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: Trace[keyof Trace]): string {
	if (value === null) return "";
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	const text = typeof value === "string" ? value : JSON.stringify(value);
	const tame = FORMULA.test(text) ? `'${text}` : text;
	return /[",\r\n']/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}
