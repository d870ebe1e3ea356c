import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { openLogFile } from "../../../local/log-file.ts";
import { alsoOnTerminal } from "../../../local/terminal-log.ts";

const DAY_MS = 86_400_000;

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "herd-log-"));
	await run(folder).finally(() => rmSync(folder, { recursive: true }));
}

const quiet = { onProblem: () => undefined };

describe("the terminal", () => {
	it("hears of trouble, or of what its level lets through; the file hears all", async ({ expect }) => {
		await inFolder(async (folder) => {
			const [usual, silent]: [string[], string[]] = [[], []];
			const [now, file] = [() => new Date(2026, 0, 1, 9, 5, 7), openLogFile(folder, quiet)];
			const logs = [alsoOnTerminal(file, { say: (line) => usual.push(line), now })];
			logs.push(alsoOnTerminal(file, { level: "silent", say: (line) => silent.push(line), now }));
			for (const log of logs) log.write("info", "Router started");
			for (const log of logs) log.write("warn", "Door lost", { node_id: "alpha" });
			await file.close();
			expect([usual, silent]).toEqual([["09:05:07 Door lost (node_id=alpha)"], []]);
			expect(readFileSync(join(folder, "herd.jsonl"), "utf8").trim().split("\n")).toHaveLength(4);
		});
	});
});

describe("the log file", () => {
	it("holds one JSON line per event, with the origin's names", async ({ expect }) => {
		await inFolder(async (folder) => {
			const log = openLogFile(folder, quiet);
			log.write("warn", "Node left", { node_id: "alpha" });
			log.write("nonsense", "still a line");
			await log.close();
			const lines = readFileSync(join(folder, "herd.jsonl"), "utf8").trim().split("\n");
			expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
				{ level: "warn", logger: "herd", ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), node_id: "alpha", msg: "Node left" },
				expect.objectContaining({ level: "info", msg: "still a line" }),
			]);
		});
	});

	it("begins a new file when the last line is of another day, and keeps the old one under its date", async ({ expect }) => {
		await inFolder(async (folder) => {
			const yesterday = new Date(Date.now() - DAY_MS);
			writeFileSync(join(folder, "herd.jsonl"), '{"msg":"yesterday"}\n');
			utimesSync(join(folder, "herd.jsonl"), yesterday, yesterday);
			const log = openLogFile(folder, quiet);
			log.write("info", "today");
			await log.close();
			const kept = readdirSync(folder).filter((name) => /^herd\.jsonl\.\d{4}-\d\d-\d\d$/.test(name));
			expect(kept).toHaveLength(1);
			expect(readFileSync(join(folder, kept[0] ?? ""), "utf8")).toContain("yesterday");
			expect(readFileSync(join(folder, "herd.jsonl"), "utf8")).not.toContain("yesterday");
		});
	});
});
