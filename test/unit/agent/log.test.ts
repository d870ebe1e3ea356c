import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { openLogFile } from "../../../agent/src/log-file.ts";
import { bothLoggers, terminalLogger } from "../../../agent/src/terminal.ts";

describe("the log", () => {
	it("keeps one file a day", async ({ expect, onTestFinished }) => {
		const dataDir = await mkdtemp(join(tmpdir(), "agent-log-"));
		onTestFinished(() => rm(dataDir, { recursive: true }));
		let today = new Date("2026-03-01T23:59:00Z");
		const log = openLogFile({ dataDir, nodeId: "box", now: () => today });
		log.info("first", { state: "running" });
		today = new Date("2026-03-02T00:01:00Z");
		log.warn("second");
		const folder = join(dataDir, "logs");
		expect(await readdir(folder)).toEqual(["herd-node.2026-03-01.jsonl", "herd-node.jsonl"]);
		const first = await readFile(join(folder, "herd-node.2026-03-01.jsonl"), "utf8");
		expect(JSON.parse(first)).toMatchObject({ level: "info", node_id: "box", msg: "first", state: "running" });
		expect(await readFile(join(folder, "herd-node.jsonl"), "utf8")).toContain('"msg":"second"');
	});

	it("is coloured on a terminal only, and never against NO_COLOR", ({ expect }) => {
		const written: string[] = [];
		const screen = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) });
		const now = () => new Date(2026, 0, 1, 9, 5, 7);
		bothLoggers(terminalLogger(screen(true), { now, noColour: false }), terminalLogger(screen(false), { now, noColour: false })).warn(
			"hot",
		);
		terminalLogger(screen(true), { now, noColour: true }).error("cold");
		expect(written).toEqual(["09:05:07 \u001B[33mhot\u001B[0m\n", "09:05:07 hot\n", "09:05:07 cold\n"]);
	});
});
