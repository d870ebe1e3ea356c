/** Runs in the database. */
import { type BenchmarkRecord, BenchmarkRunSchema } from "../protocol/benchmarks.ts";

const JSON_COLUMNS = [
	"fleet_snapshot",
	"per_model_results",
	"per_node_results",
	"peak_utilization",
	"pair_results",
	"models_pulled",
] as const;
const COLUMNS = Object.keys(BenchmarkRunSchema.shape) as (keyof BenchmarkRecord)[];
const WRITE = `insert or replace into benchmark_runs (${COLUMNS.join(", ")}) values (${COLUMNS.map(() => "?").join(", ")})`;

/** Takes the place of a run of the same id, as the origin does. */
export async function saveRun(database: D1Database, run: BenchmarkRecord): Promise<void> {
	const values = COLUMNS.map((column) => toColumn(run[column]));
	await database
		.prepare(WRITE)
		.bind(...values)
		.run();
}

/** Newest first. */
export async function recentRuns(database: D1Database, limit: number): Promise<BenchmarkRecord[]> {
	const { results } = await database.prepare("select * from benchmark_runs order by timestamp desc, id desc limit ?").bind(limit).all();
	return results.flatMap((row) => fromRow(row) ?? []);
}

export async function runOf(database: D1Database, runId: string): Promise<BenchmarkRecord | undefined> {
	const row = await database.prepare("select * from benchmark_runs where run_id = ?").bind(runId).first();
	return row ? fromRow(row) : undefined;
}

/** For the start of the router: what ran then was ended by the end of the one before it. */
export async function markInterrupted(database: D1Database): Promise<void> {
	await database.prepare("update benchmark_runs set status = 'interrupted' where status = 'running'").run();
}

function toColumn(value: unknown): string | number | null {
	if (typeof value === "string" || typeof value === "number") return value;
	return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Undefined for a row that somebody else wrote in another form: it must not hide the others. */
function fromRow(row: Record<string, unknown>): BenchmarkRecord | undefined {
	const run: Record<string, unknown> = { ...row };
	for (const column of JSON_COLUMNS) {
		const text = row[column];
		run[column] = typeof text === "string" ? jsonOf(text) : undefined;
	}
	return BenchmarkRunSchema.safeParse(run).data;
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
