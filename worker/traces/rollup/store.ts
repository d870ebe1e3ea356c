/** The rollups in the database: what is to be counted, what is counted, and the one write that makes it so. */
import { appsOf } from "./apps.ts";
import type { Cell, CellKey } from "./cell.ts";
import { cellsOf, KEY_NAMES } from "./stored-cell.ts";
import { type CountedRow, HISTOGRAM_NAMES, MEASURE_NAMES } from "./measures.ts";

const MAX_STATEMENT_CHARACTERS = 500_000;
const COLUMNS = [...KEY_NAMES, ...MEASURE_NAMES, ...HISTOGRAM_NAMES];
const COUNTED = `id, timestamp, model, node_id, status, latency_ms, time_to_first_token_ms, prompt_tokens, completion_tokens,
	retry_count, fallback_used, queue_ms, load_ms, decode_ms, reason, tags, key_name`;

/** Traces up to this id are counted. */
export async function countedThrough(database: D1Database): Promise<number> {
	const row = await database.prepare("select through from rollup_progress").first<{ through: number }>();
	return row?.through ?? 0;
}

export async function rowsAfter(database: D1Database, through: number, limit: number): Promise<CountedRow[]> {
	const statement = database.prepare(`select ${COUNTED} from request_traces where id > ? order by id limit ?`).bind(through, limit);
	const { results } = await statement.all<Omit<CountedRow, "apps"> & { tags: string | null }>();
	return results.map(({ tags, ...row }) => ({ ...row, apps: appsOf(tags) }));
}

export async function knownApps(database: D1Database): Promise<string[]> {
	const { results } = await database.prepare("select name from rollups where facet = 'app' and period = 'ever'").all<{ name: string }>();
	return results.map(({ name }) => name);
}

const FIND = `select ${COLUMNS.map((name) => `found.${name}`).join(", ")} from json_each(?) as wanted join rollups as found
	on ${KEY_NAMES.map((name, index) => `found.${name} = wanted.value->>${index}`).join(" and ")}`;

/** Those of the cells that are in the database already. */
export async function storedCells(database: D1Database, cells: readonly CellKey[]): Promise<Cell[]> {
	const keys = JSON.stringify(cells.map((cell) => KEY_NAMES.map((name) => cell[name])));
	return cellsOf(await database.prepare(FIND).bind(keys).raw(), [...MEASURE_NAMES, ...HISTOGRAM_NAMES]);
}

export interface Counted {
	/** Where counting began, as `countedThrough` told. */
	readonly from: number;
	readonly through: number;
	readonly cells: readonly Cell[];
	readonly rows: readonly CountedRow[];
}

/** Only from where counting stands: a second try of a write that did arrive changes nothing. */
const STILL_AT = "(select through from rollup_progress) = ?2";
const WRITE = `insert or replace into rollups (${COLUMNS.join(", ")})
	select ${COLUMNS.map((_, index) => `value->>${index}`).join(", ")} from json_each(?1) where ${STILL_AT}`;
const NAME_APPS = `insert or ignore into trace_apps (app, timestamp, id, model, node_id, status)
	select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 from json_each(?1) where ${STILL_AT}`;

/** All of it or nothing, sums and mark together. */
export async function writeCounted(database: D1Database, { from, through, cells, rows }: Counted): Promise<void> {
	const apps = rows.flatMap((row) => row.apps.map((app) => [app, row.timestamp, row.id, row.model, row.node_id, row.status]));
	await database.batch([
		...chunks(cells.map(valuesOf)).map((chunk) => database.prepare(WRITE).bind(chunk, from)),
		...chunks(apps).map((chunk) => database.prepare(NAME_APPS).bind(chunk, from)),
		database.prepare("update rollup_progress set through = ? where through = ?").bind(through, from),
	]);
}

function valuesOf(cell: Cell): unknown[] {
	return [
		...KEY_NAMES.map((name) => cell[name]),
		...MEASURE_NAMES.map((name) => cell[name]),
		...HISTOGRAM_NAMES.map((name) => JSON.stringify(cell[name])),
	];
}

/** JSON arrays, each small enough for one bound value. */
function chunks(rows: readonly unknown[]): string[] {
	const found: string[] = [];
	let texts: string[] = [];
	let characters = 0;
	for (const text of rows.map((row) => JSON.stringify(row))) {
		if (texts.length > 0 && characters + text.length > MAX_STATEMENT_CHARACTERS) {
			found.push(`[${texts.join(",")}]`);
			[texts, characters] = [[], 0];
		}
		texts.push(text);
		characters += text.length;
	}
	return texts.length > 0 ? [...found, `[${texts.join(",")}]`] : found;
}
