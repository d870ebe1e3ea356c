import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { openDayFile } from "../../../agent/src/day-file.ts";
import { openLogFile } from "../../../agent/src/log-file.ts";
import { bothLoggers, terminalLogger } from "../../../agent/src/terminal.ts";

describe("the log", () => {
	it("keeps one file a day", async ({ expect, onTestFinished }) => {
		const dataDir = await mkdtemp(join(tmpdir(), "agent-log-"));
		onTestFinished(() => rm(dataDir, { recursive: true }));
		let today = new Date("2026-03-01T23:59:00Z");
		const log = openLogFile({ dataDir, nodeId: "box", level: "info", now: () => today });
		log.info("first", { state: "running" });
		today = new Date("2026-03-02T00:01:00Z");
		log.warn("second");
		const folder = join(dataDir, "logs");
		expect(await readdir(folder)).toEqual(["herd-node.2026-03-01.jsonl", "herd-node.jsonl"]);
		const first = await readFile(join(folder, "herd-node.2026-03-01.jsonl"), "utf8");
		expect(JSON.parse(first)).toMatchObject({ level: "info", node_id: "box", msg: "first", state: "running" });
		expect(await readFile(join(folder, "herd-node.jsonl"), "utf8")).toContain('"msg":"second"');
	});

	it("keeps thirty days, and nobody else's files", async ({ expect, onTestFinished }) => {
		const folder = await mkdtemp(join(tmpdir(), "agent-log-"));
		onTestFinished(() => rm(folder, { recursive: true }));
		const old = Array.from({ length: 40 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
		await Promise.all(
			[...old.map((day) => `talk.${day}.log`), "talk.mine.log", "walk.2020-01-01.log"].map((name) => writeFile(join(folder, name), "")),
		);
		let today = new Date("2026-02-10T12:00:00Z");
		const file = openDayFile({ folder, name: "talk", extension: "log", now: () => today });
		file.write("one\n");
		today = new Date("2026-02-11T00:00:00Z");
		file.write("two\n");
		const days = (await readdir(folder)).filter((name) => /^talk\.\d/.test(name));
		expect([days.length, days[0], days.at(-1)]).toEqual([30, "talk.2026-01-12.log", "talk.2026-02-10.log"]);
		expect(await readdir(folder)).toEqual(expect.arrayContaining(["talk.log", "talk.mine.log", "walk.2020-01-01.log"]));
	});

	it("says what its level lets through", async ({ expect, onTestFinished }) => {
		const dataDir = await mkdtemp(join(tmpdir(), "agent-log-"));
		onTestFinished(() => rm(dataDir, { recursive: true }));
		const written: string[] = [];
		const screen = terminalLogger({ write: (text) => written.push(text) }, { now: () => new Date(), noColour: true, level: "error" });
		const log = bothLoggers(screen, openLogFile({ dataDir, nodeId: "box", level: "warn", now: () => new Date() }));
		for (const level of ["info", "warn", "error"] as const) log[level](`an ${level}`);
		expect(written).toEqual([expect.stringContaining("an error")]);
		const lines = (await readFile(join(dataDir, "logs", "herd-node.jsonl"), "utf8")).trim().split("\n");
		expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["an warn", "an error"]);
	});

	it("is coloured on a terminal only, and never against NO_COLOR", ({ expect }) => {
		const written: string[] = [];
		const screen = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) });
		const plain = { now: () => new Date(2026, 0, 1, 9, 5, 7), noColour: false, level: "info" } as const;
		bothLoggers(terminalLogger(screen(true), plain), terminalLogger(screen(false), plain)).warn("hot");
		terminalLogger(screen(true), { ...plain, noColour: true }).error("cold");
		expect(written).toEqual(["09:05:07 \u001B[33mhot\u001B[0m\n", "09:05:07 hot\n", "09:05:07 cold\n"]);
	});
});
