/** Brings the database up to date. Forward only; each migration runs once, whole or not at all. */
import { requestTraces } from "./0001-request-traces.ts";
import { decisions } from "./0002-decisions.ts";
import { benchmarkRuns } from "./0005-benchmark-runs.ts";
import { modelUsage } from "./0006-model-usage.ts";

/** By number, in order. Never edit a shipped one: add the next. */
const MIGRATIONS: ReadonlyMap<number, readonly string[]> = new Map([
	[1, requestTraces],
	[2, decisions],
	[5, benchmarkRuns],
	[6, modelUsage],
]);

/** Called by the Fleet object at its start, so that two never run side by side. */
export async function migrate(database: D1Database): Promise<void> {
	await database.prepare("create table if not exists schema_migrations (number integer primary key, applied_at text not null)").run();
	const { results } = await database.prepare("select number from schema_migrations").all<{ number: number }>();
	const applied = new Set(results.map(({ number }) => number));
	for (const [number, statements] of MIGRATIONS) {
		if (applied.has(number)) continue;
		const done = database.prepare("insert into schema_migrations values (?, datetime('now'))").bind(number);
		await database.batch([...statements.map((statement) => database.prepare(statement)), done]);
	}
}
