/** Rows of `rollups`, as the database gives them, become cells. Pure. */
import { type Cell, newCell } from "./cell.ts";
import { HISTOGRAM_NAMES, type HistogramName, type MeasureName } from "./measures.ts";

/** What makes a row of `rollups` the only one of its kind; the first columns of every selection. */
export const KEY_NAMES = ["facet", "period", "start", "name", "node_id"] as const;
const KEYS = KEY_NAMES.length;
const HISTOGRAMS: ReadonlySet<string> = new Set(HISTOGRAM_NAMES);

/** `columns` are those behind the key, in order; what is not among them stays empty. */
export function cellsOf(rows: readonly unknown[][], columns: readonly (MeasureName | HistogramName)[]): Cell[] {
	return rows.map((values) => {
		const [facet, period, start, name, nodeId] = values as [Cell["facet"], Cell["period"], number, string, string];
		const cell = newCell({ facet, period, start, name, node_id: nodeId });
		const told = cell as unknown as Record<string, unknown>;
		for (const [index, column] of columns.entries()) {
			const value = values[KEYS + index];
			told[column] = HISTOGRAMS.has(column) ? JSON.parse(String(value ?? "{}")) : value;
		}
		return cell;
	});
}
