/** Brings the database up to date. Forward only; each migration runs once, whole or not at all. */
import { requestTraces } from "./0001-request-traces.ts";
import { decisions } from "./0002-decisions.ts";
import { history } from "./0003-history.ts";
import { rollups } from "./0004-rollups.ts";

/** In order; the number is the position. Never edit a shipped one: add the next. */
const MIGRATIONS: readonly (readonly string[])[] = [requestTraces, decisions, history, rollups];

/** Called by the Fleet object at its start, so that two never run side by side. */
export async function migrate(database: D1Database): Promise<void> {
	await database.prepare("create table if not exists schema_migrations (number integer primary key, applied_at text not null)").run();
	const applied = await database.prepare("select max(number) as newest from schema_migrations").first<{ newest: number | null }>();
	for (const [index, statements] of MIGRATIONS.entries()) {
		const number = index + 1;
		if (number <= (applied?.newest ?? 0)) continue;
		const done = database.prepare("insert into schema_migrations values (?, datetime('now'))").bind(number);
		await database.batch([...statements.map((statement) => database.prepare(statement)), done]);
	}
}
