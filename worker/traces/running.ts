/** Whether the router before this one came to a proper end: its last rows may be missing if it did not. */

/** Marks that a router runs now. True when the one before never said that it ended. `now` is epoch milliseconds. */
export async function noteStart(database: D1Database, now: number): Promise<boolean> {
	const [left] = await database.batch([
		database.prepare("select since from running"),
		database.prepare("delete from running"),
		database.prepare("insert into running values (?)").bind(now / 1000),
	]);
	return (left?.results.length ?? 0) > 0;
}

export async function noteEnd(database: D1Database): Promise<void> {
	await database.prepare("delete from running").run();
}
