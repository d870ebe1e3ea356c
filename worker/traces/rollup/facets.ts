/** Which rows of `rollups` a request is counted in. */
import type { CellKey, Facet, Period } from "./cell.ts";
import type { CountedRow } from "./measures.ts";

interface Named {
	readonly name: string;
	readonly node_id?: string;
}

interface FacetRule {
	/** The shortest first. */
	readonly periods: readonly [Period, ...Period[]];
	readonly of: (row: CountedRow) => readonly Named[];
}

const ALWAYS: FacetRule["periods"] = ["hour", "day", "ever"];
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

const RULES = Object.entries(FACETS) as [Facet, FacetRule][];

/** Of the shortest period only: `longer` has the others. */
export function keysOf(row: CountedRow): CellKey[] {
	return RULES.flatMap(
		([
			facet,
			{
				periods: [period],
				of,
			},
		]) =>
			of(row).map(({ name, node_id: nodeId = "" }) => ({ facet, period, start: startOf(period, row.timestamp), name, node_id: nodeId })),
	);
}

/** The same over longer times. */
export function longer(key: CellKey): CellKey[] {
	const [, ...periods] = FACETS[key.facet].periods;
	const { facet, name, node_id: nodeId } = key;
	return periods.map((period) => ({ facet, period, start: startOf(period, key.start), name, node_id: nodeId }));
}

/** Epoch seconds. */
export function startOf(period: Period, timestamp: number): number {
	return period === "ever" ? 0 : Math.floor(timestamp / PERIOD_S[period]) * PERIOD_S[period];
}
