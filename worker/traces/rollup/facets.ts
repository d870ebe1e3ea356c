/** Which rows of `rollups` a request is counted in. */
import type { CellKey, Facet, Period } from "./cell.ts";
import type { CountedRow } from "./measures.ts";

interface Named {
	readonly name: string;
	readonly node_id?: string;
}

interface FacetRule {
	readonly periods: readonly Period[];
	readonly of: (row: CountedRow) => readonly Named[];
}

const ALWAYS: readonly Period[] = ["hour", "day", "ever"];
export const PERIOD_S = { hour: 3600, day: 24 * 3600 } as const;

/** A refused request reached no model and no machine: the names in it are whatever somebody typed. */
export const FACETS: Record<Facet, FacetRule> = {
	all: { periods: ALWAYS, of: () => [{ name: "" }] },
	model: { periods: ALWAYS, of: ({ model, status }) => (status === "rejected" ? [] : [{ name: model }]) },
	node: { periods: ALWAYS, of: ({ node_id: name }) => (name === "" ? [] : [{ name }]) },
	pair: { periods: ["day"], of: ({ model: name, node_id: nodeId }) => (nodeId === "" ? [] : [{ name, node_id: nodeId }]) },
	app: { periods: ALWAYS, of: ({ apps }) => apps.map((name) => ({ name })) },
	key: { periods: ALWAYS, of: ({ key_name: name }) => (name === null ? [] : [{ name }]) },
};

export function keysOf(row: CountedRow): CellKey[] {
	return (Object.entries(FACETS) as [Facet, FacetRule][]).flatMap(([facet, { periods, of }]) =>
		of(row).flatMap(({ name, node_id: nodeId = "" }) =>
			periods.map((period) => ({ facet, period, start: startOf(period, row.timestamp), name, node_id: nodeId })),
		),
	);
}

/** Epoch seconds. */
export function startOf(period: Period, timestamp: number): number {
	return period === "ever" ? 0 : Math.floor(timestamp / PERIOD_S[period]) * PERIOD_S[period];
}
