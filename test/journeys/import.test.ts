/** Somebody comes from the origin: its `latency.db` lies in the folder in which `herd` starts. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, it } from "vitest";
import type { Overview } from "../../worker/protocol/reports.ts";
import { ROW, writeOriginFile } from "../unit/local/import/origin-files.ts";
import { HerdProcess } from "./herd-process.ts";
import { until } from "./until.ts";

const ROWS = 1_200;
const folder = mkdtempSync(join(tmpdir(), "herd-import-"));
const herds: HerdProcess[] = [];

afterAll(async () => {
	for (const herd of herds) await herd.stop();
	rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ herd: HerdProcess; url: string }> {
	const herd = new HerdProcess({ dataDir: folder });
	herds.push(herd);
	return { herd, url: `http://127.0.0.1:${await herd.port()}` };
}

async function overview(url: string): Promise<Overview> {
	return (await (await fetch(`${url}/dashboard/api/overview`)).json()) as Overview;
}

function imported(): number {
	const database = new DatabaseSync(join(folder, "latency.db"), { readOnly: true });
	const row = database.prepare("SELECT COUNT(*) AS n FROM request_traces WHERE status = 'completed'").get();
	database.close();
	return Number(row?.n);
}

describe("the origin's latency.db", () => {
	it("is kept, and all its requests are in the new one and in the figures, once, though herd is killed meanwhile", async ({ expect }) => {
		const hour = (index: number) => (ROW.timestamp as number) + 3_600 * index;
		const requests = Array.from({ length: ROWS }, (_, index) => ({ ...ROW, request_id: `r${index}`, timestamp: hour(index) }));
		writeOriginFile(join(folder, "latency.db"), requests);
		const before = readFileSync(join(folder, "latency.db"));

		const first = await start();
		await until("some of it is imported", () => imported() > 0);
		await first.herd.stop();
		const { herd, url } = await start();
		await until("it says that all is imported", () => herd.output.includes(`Imported ${ROWS.toLocaleString("en")} requests`));
		expect(imported()).toBe(ROWS);
		expect(readFileSync(join(folder, "latency-before-herd.db"))).toEqual(before);
		expect(first.herd.output).toContain("rows of an earlier router from latency-before-herd.db");

		await until("all of it is counted", async () => (await overview(url)).uncounted === 0);
		expect(await overview(url)).toMatchObject({ total_requests: ROWS, models_count: 1, first_seen: ROW.timestamp });
		await herd.stop();
		const third = await start();
		expect((await overview(third.url)).total_requests).toBe(ROWS);
		expect(third.herd.output).not.toContain("Import");
	});
});
