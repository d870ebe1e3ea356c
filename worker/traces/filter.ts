/** Which traces are wanted, and where to look on. Each filter has its index, and no look goes through more rows than streams can wait for. Pure. */
import type { TraceStatus } from "../protocol/trace.ts";

export interface TraceFilter {
	readonly model?: string | undefined;
	readonly node_id?: string | undefined;
	readonly status?: TraceStatus | undefined;
	readonly app?: string | undefined;
	/** Epoch seconds: from this on, and before that. */
	readonly since?: number | undefined;
	readonly before?: number | undefined;
}

/** Of the last row that was looked at: the next ones are older. */
export interface Position {
	readonly timestamp: number;
	readonly id: number;
}

/** So many rows of the best index are looked through at once, when more than one thing is asked of them. */
const ROWS_LOOKED_AT = 2_000;
const NEWEST_FIRST = "order by timestamp desc, id desc";

export interface Sql {
	readonly text: string;
	readonly bound: readonly (string | number)[];
}

export interface Look {
	/** The rows, newest first. */
	readonly rows: Sql;
	/** The position of the last row that was looked at; finds nothing when there were no more. */
	readonly edge: Sql;
}

interface Plan {
	readonly table: "request_traces" | "trace_apps";
	/** What the table's index finds. */
	readonly found: readonly Sql[];
	/** What is sifted out of that. */
	readonly sifted: readonly Sql[];
}

export function look(filter: TraceFilter, from: Position | undefined, limit: number): Look {
	const { table, found, sifted } = planOf(filter);
	const wanted = all([...found, ...timeOf(filter), ...(from ? [olderThan(from)] : [])]);
	const window = sifted.length > 0 ? ROWS_LOOKED_AT : limit;
	const sieve = all(sifted);
	return {
		rows: {
			text: `select trace.* from (select id as found_id from
					(select id, timestamp, model, node_id, status from ${table} where ${wanted.text} ${NEWEST_FIRST} limit ${window})
					where ${sieve.text} ${NEWEST_FIRST} limit ${limit})
				join request_traces as trace on trace.id = found_id ${NEWEST_FIRST}`,
			bound: [...wanted.bound, ...sieve.bound],
		},
		edge: {
			text: `select timestamp, id from ${table} where ${wanted.text} ${NEWEST_FIRST} limit 1 offset ${window - 1}`,
			bound: wanted.bound,
		},
	};
}

/** The rarest first. Nearly all rows are completed, so that has no index. */
function planOf({ app, status, model, node_id: nodeId }: TraceFilter): Plan {
	const byStatus = equal("status", status);
	const [byModel, byNode] = [equal("model", model), equal("node_id", nodeId)];
	if (app !== undefined) return { table: "trace_apps", found: equal("app", app), sifted: [...byStatus, ...byModel, ...byNode] };
	const table = "request_traces";
	if (status !== undefined && status !== "completed") {
		const indexed = { text: "status <> 'completed'", bound: [] };
		return { table, found: [indexed, ...byStatus], sifted: [...byModel, ...byNode] };
	}
	if (model !== undefined) return { table, found: byModel, sifted: [...byStatus, ...byNode] };
	return { table, found: byNode, sifted: byStatus };
}

function equal(column: string, value: string | undefined): Sql[] {
	return value === undefined ? [] : [{ text: `${column} = ?`, bound: [value] }];
}

function timeOf({ since, before }: TraceFilter): Sql[] {
	const from = since === undefined ? [] : [{ text: "timestamp >= ?", bound: [since] }];
	const to = before === undefined ? [] : [{ text: "timestamp < ?", bound: [before] }];
	return [...from, ...to];
}

function olderThan({ timestamp, id }: Position): Sql {
	return { text: "(timestamp, id) < (?, ?)", bound: [timestamp, id] };
}

function all(conditions: readonly Sql[]): Sql {
	return { text: conditions.map(({ text }) => text).join(" and ") || "true", bound: conditions.flatMap(({ bound }) => bound) };
}
