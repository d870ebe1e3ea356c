/** Traces of another router, page by page: rows and how far they reach are written together, and a row that is known is left alone. */
import type { ImportPage, ImportState } from "../protocol/imports.ts";
import { insertion } from "./store.ts";

const NOTHING: ImportState = { through: 0, taken: 0, skipped: 0, finished: false };

export async function importState(database: D1Database, name: string): Promise<ImportState> {
	const found = await database
		.prepare("select through, taken, skipped, finished_at from imports where name = ?")
		.bind(name)
		.first<Omit<ImportState, "finished"> & { finished_at: string | null }>();
	if (!found) return NOTHING;
	const { finished_at: finishedAt, ...state } = found;
	return { ...state, finished: finishedAt !== null };
}

export async function takeImport(database: D1Database, { name, rows, state }: ImportPage): Promise<void> {
	const { through, taken, skipped, finished } = state;
	const mark = database
		.prepare("insert or replace into imports values (?, ?, ?, ?, iif(?, datetime('now'), null))")
		.bind(name, through, taken, skipped, Number(finished));
	await database.batch([...(rows.length > 0 ? [insertion(database, rows)] : []), mark]);
}
