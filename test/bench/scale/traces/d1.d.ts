/** What the router's code for traces asks of D1, where its real types are not: they and Node's don't go together. */
interface D1PreparedStatement {
	bind(...values: unknown[]): D1PreparedStatement;
	first<Row = Record<string, unknown>>(): Promise<Row | null>;
	all<Row = Record<string, unknown>>(): Promise<{ results: Row[] }>;
	raw<Row = unknown[]>(): Promise<Row[]>;
	run(): Promise<unknown>;
}

interface D1Database {
	prepare(text: string): D1PreparedStatement;
	batch(statements: D1PreparedStatement[]): Promise<unknown>;
}
