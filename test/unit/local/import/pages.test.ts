/** What is made of the origin's files, read with the real SQLite. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, it } from "vitest";
import { OriginFile } from "../../../../local/import/origin-file.ts";
import { type Page, pagesOf } from "../../../../local/import/pages.ts";
import { instantOf } from "../../../../local/import/to-trace.ts";
import type { ImportState } from "../../../../worker/protocol/imports.ts";
import { type OriginFacts, ROW, writeOriginFile } from "./origin-files.ts";

let folder: string;
let files = 0;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "herd-import-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START: ImportState = { through: 0, taken: 0, skipped: 0, finished: false };

function pages(rows: readonly OriginFacts[], { columns, from = START }: { columns?: readonly string[]; from?: ImportState } = {}): Page[] {
	const path = join(folder, `${++files}.db`);
	writeOriginFile(path, rows, columns);
	const file = new OriginFile(path);
	const found = [...pagesOf(file, from)];
	file.close();
	return found;
}

const traces = (found: readonly Page[]) => found.flatMap(({ rows }) => rows);

describe("a file of the origin's", () => {
	it("gives its rows with the names that models have here", ({ expect }) => {
		const tagged = { ...ROW, tags: '["kitchen"]', scores_breakdown: '{"thermal":50,"total":61}', fallback_used: 1 };
		const [page] = pages([tagged]);
		expect(page?.state).toEqual({ through: 1, taken: 1, skipped: 0, finished: true });
		expect(page?.rows).toMatchObject([
			{
				request_id: "a",
				model: "llama3.1:8b",
				original_model: "llama3.1:latest",
				node_id: "studio",
				status: "completed",
				timestamp: 1_760_000_000.5,
				latency_ms: 1200,
				fallback_used: true,
				tags: ["kitchen"],
				scores_breakdown: { thermal: 50, total: 61 },
				reason: "imported",
				attempts: [],
			},
		]);
	});

	it.for([[[]], [["tags text"]], [["tags text", "finish_reason text", "estimated_tokens integer", "new_one text"]]])(
		"may have been written by any version: with %o",
		([columns], { expect }) => {
			expect(traces(pages([ROW], { columns: columns ?? [] }))).toMatchObject([{ tags: null, finish_reason: null, estimated_tokens: null }]);
		},
	);

	it("tells a request once: tries before the last become its attempts", ({ expect }) => {
		const tried = { ...ROW, status: "retried", node_id: "nuc", latency_ms: 80, error_message: "refused", retry_count: 1 };
		const found = traces(pages([tried, { ...ROW, request_id: "b" }, { ...ROW, retry_count: 1 }]));
		expect(found.map(({ request_id: id }) => id)).toEqual(["b", "a"]);
		expect(found[1]).toMatchObject({
			status: "completed",
			retry_count: 1,
			attempts: [{ node_id: "nuc", failure: "retried", error: "refused", duration_ms: 80 }],
		});
	});

	it("calls a request failed whose last try has no row after it", ({ expect }) => {
		expect(traces(pages([{ ...ROW, status: "retried" }]))).toMatchObject([{ request_id: "a", status: "failed" }]);
	});

	it("counts rows that are no requests, and goes on", ({ expect }) => {
		const found = pages([
			{ ...ROW, model: "", original_model: "" },
			{ ...ROW, request_id: "b", timestamp: "never" },
			{ ...ROW, request_id: "c" },
		]);
		expect([traces(found).length, found.at(-1)?.state.skipped]).toEqual([1, 2]);
	});

	it("is gone on with from where it was left, without losing a try that was to be followed", ({ expect }) => {
		const tried = { ...ROW, request_id: "slow", status: "retried" };
		const rows = [
			tried,
			...Array.from({ length: 400 }, (_, index) => ({ ...ROW, request_id: `r${index}` })),
			{ ...ROW, request_id: "slow" },
		];
		const [first, second] = pages(rows);
		expect([first?.state.through, second?.state.through]).toEqual([0, 402]);
		const again = pages(rows, { from: first?.state ?? START });
		expect(traces(again).find((row) => row.request_id === "slow")?.attempts).toHaveLength(1);
		expect(new Set([...(first?.rows ?? []), ...traces(again)].map((row) => row.request_id)).size).toBe(401);
	});

	it("has nothing to give when it holds no requests", ({ expect }) => {
		const path = join(folder, "other.db");
		const other = new DatabaseSync(path);
		other.exec("create table things (id integer)");
		other.close();
		const file = new OriginFile(path);
		expect([...pagesOf(file, START)]).toEqual([{ rows: [], read: 0, state: { ...START, finished: true } }]);
		file.close();
	});

	it("is refused when it is something else", ({ expect }) => {
		const path = join(folder, "text.db");
		writeFileSync(path, "not a database, but long enough to be looked at as if it were one");
		expect(() => new OriginFile(path)).toThrow();
	});
});

describe("a time of the origin's", () => {
	it("is read in seconds, in milliseconds, as text, and as a date of this place or another", ({ expect }) => {
		expect([1_760_000_000.5, 1_760_000_000_500, "1760000000.5", "2025-10-09T08:53:20.500Z"].map(instantOf)).toEqual(
			Array.from({ length: 4 }, () => 1_760_000_000.5),
		);
		expect(instantOf("2025-10-09 10:00:00")).toBe(new Date(2025, 9, 9, 10).getTime() / 1000);
		expect([0, -1, null, "", "soon"].map(instantOf)).toEqual(Array.from({ length: 5 }, () => undefined));
	});
});
