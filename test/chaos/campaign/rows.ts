/** The rows that a storm left in the trace file, beside what its clients saw. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Home } from "./home.ts";
import type { Allowed, Outcome, Verdict } from "./judge.ts";
import type { Seen } from "./visitor.ts";

export interface Row {
	readonly request_id: string;
	readonly status: string;
	readonly node_id: string;
	readonly retry_count: number;
	readonly tag: string | null;
	/** Epoch seconds. */
	readonly timestamp: number;
}

/** The router may end a request that its client is about to leave. */
const AMBIGUOUS_MS = 2_000;
const TRUE_STATUS: Record<Outcome, readonly string[]> = {
	answered: ["completed"],
	retried: ["completed"],
	// A stream without its last word is told of where clients would not notice, and is incomplete all the same
	told: ["failed", "rejected", "incomplete"],
	cut: ["failed", "incomplete"],
	left: ["client_disconnected"],
	hang: [],
};

/** Every row since, of whomever. Asking the router for one makes it write first. */
export async function rowsSince({ url, folder }: Home, epochMs: number): Promise<Row[]> {
	await (await fetch(`${url}/dashboard/api/traces?limit=1`)).text();
	const database = new DatabaseSync(join(folder, "latency.db"), { readOnly: true });
	try {
		const statement =
			"SELECT request_id, status, node_id, retry_count, timestamp, tags->>0 AS tag FROM request_traces WHERE timestamp >= ?";
		return database.prepare(statement).all(epochMs / 1000) as unknown as Row[];
	} finally {
		database.close();
	}
}

export interface Judged extends Verdict {
	readonly seen: Seen;
}

/** What is wrong between clients and rows: none or two where one must be, or one that says something else. */
export function compareRows(judged: readonly Judged[], rows: readonly Row[], allowed: Allowed): string[] {
	const byTag = Map.groupBy(rows, ({ tag }) => tag);
	const problems = judged.flatMap((one) =>
		compare(one, byTag.get(one.seen.ask.tag) ?? [], allowed).map((problem) => `${one.seen.ask.tag}: ${problem}`),
	);
	const halfSent = judged.filter(({ seen }) => seen.ask.leaves === "half-sent").length;
	const unnamed = byTag.get(null)?.length ?? 0;
	if (unnamed > halfSent) problems.push(`${unnamed} rows without a tag from ${halfSent} clients who left in the middle of their request`);
	return problems;
}

function compare({ seen, outcome }: Judged, rows: readonly Row[], { routerGoes }: Allowed): string[] {
	const [row, second] = rows;
	if (second) return [`${rows.length} rows`];
	if (!row) return mayLackRow(seen) || routerGoes ? [] : [`no row, but its client has ${outcome === "left" ? "left" : `been ${outcome}`}`];
	const problems = [];
	const isAmbiguous = outcome === "left" && row.timestamp * 1000 < seen.endedAt + AMBIGUOUS_MS;
	if (!TRUE_STATUS[outcome].includes(row.status) && !isAmbiguous && !(routerGoes && outcome === "cut"))
		problems.push(`its row says ${row.status}, its client was ${outcome}`);
	const { headers } = seen.answer ?? {};
	if (outcome === "answered" || outcome === "retried") {
		if (headers?.get("x-request-id") !== row.request_id) problems.push("its row has another request id");
		if (headers?.get("x-fleet-node") !== row.node_id) problems.push(`its row names ${row.node_id}`);
		if (headers?.get("x-fleet-retries") !== String(row.retry_count)) problems.push(`its row counts ${row.retry_count} retries`);
	}
	return problems;
}

/** It may have left before the router had its request. */
function mayLackRow({ ask, end, answer }: Seen): boolean {
	return end === "unreachable" || (end === "left" && !answer) || ask.leaves === "half-sent";
}
