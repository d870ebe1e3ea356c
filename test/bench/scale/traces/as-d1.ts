/** A SQLite file behind the few methods of D1 that writing traces needs: so that the benchmark fills it with the router's own code. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

export function asD1(database: DatabaseSync): D1Database {
	return {
		prepare: (text) => statement(database, text, []),
		async batch(statements) {
			database.exec("begin");
			for (const each of statements) await each.run();
			database.exec("commit");
		},
	};
}

function statement(database: DatabaseSync, text: string, bound: readonly SQLInputValue[]): D1PreparedStatement {
	const unused = () => Promise.reject(new Error(`Only writes are meant to come here: ${text}`));
	return {
		bind: (...values) => statement(database, text, values as SQLInputValue[]),
		run: async () => database.prepare(text).run(...bound),
		first: unused,
		all: unused,
		raw: unused,
	};
}
