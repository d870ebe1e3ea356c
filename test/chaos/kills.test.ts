/** Processes that are killed: nothing is left behind, what can come back does, and the database stays readable. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import { addMachineTo } from "../journeys/herd-machine.ts";
import { HerdProcess, isAlive } from "../journeys/herd-process.ts";
import type { Ended } from "../journeys/household.ts";
import { until } from "../journeys/until.ts";

const MODEL = "tiny";
/** What people who come from the origin run against its file. */
const STATEMENTS = {
	"who is slow": `SELECT model, node_id, AVG(latency_ms)/1000.0 as avg_secs, COUNT(*) as n FROM request_traces WHERE status='completed'
		GROUP BY node_id, model HAVING n > 10 ORDER BY avg_secs DESC LIMIT 10`,
	"time to first token": `SELECT node_id, model, AVG(time_to_first_token_ms) as avg_ttft FROM request_traces WHERE time_to_first_token_ms IS NOT NULL
		GROUP BY node_id, model`,
	"hot and cold": `SELECT model, CASE WHEN time_to_first_token_ms < 1000 THEN 'hot' ELSE 'cold' END as load_type, AVG(latency_ms)/1000.0 as avg_secs,
		COUNT(*) as n FROM request_traces WHERE status='completed' AND time_to_first_token_ms IS NOT NULL GROUP BY model, load_type ORDER BY model`,
};

let folder: string;
let herd: HerdProcess;
let url: string;
const things: Ended[] = [];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "herd-kills-"));
	herd = new HerdProcess({ dataDir: folder });
	things.push(herd);
	url = `http://127.0.0.1:${await herd.port()}`;
	things.push(
		await addMachineTo(
			{ url, folder },
			{ nodeId: "golden", profile: "golden", models: [MODEL], resident: [MODEL], token: herd.secret("join-token") },
		),
	);
});

afterAll(async () => {
	for (const thing of things.reverse()) await thing.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

async function chat(tokens = 3): Promise<Response> {
	const body = JSON.stringify({
		model: MODEL,
		messages: [{ role: "user", content: "Hello" }],
		stream: true,
		options: { num_predict: tokens },
	});
	const response = await fetch(`${url}/api/chat`, { method: "POST", body });
	await response.text();
	return response;
}

function rows(statement: string): Record<string, unknown>[] {
	const database = new DatabaseSync(join(folder, "latency.db"), { readOnly: true });
	try {
		return database.prepare(statement).all();
	} finally {
		database.close();
	}
}

const hasRow = (id = "") => rows(`SELECT 1 FROM request_traces WHERE request_id = '${id}'`).length === 1;
const count = () => Number(rows("SELECT COUNT(*) AS n FROM request_traces")[0]?.n);

describe("latency.db while the router runs", () => {
	it("answers what the origin's users ask it", async ({ expect }) => {
		for (let asked = 0; asked < 12; asked++) expect((await chat()).status).toBe(200);
		await until("the rows are written", () => count() >= 12);
		const row = { model: "tiny:latest", node_id: "golden" };
		expect(rows(STATEMENTS["who is slow"])).toEqual([{ ...row, avg_secs: expect.any(Number), n: 12 }]);
		expect(rows(STATEMENTS["time to first token"])).toEqual([{ ...row, avg_ttft: expect.any(Number) }]);
		expect(rows(STATEMENTS["hot and cold"])).toEqual([{ model: "tiny:latest", load_type: "hot", avg_secs: expect.any(Number), n: 12 }]);
	});

	it("opens in the sqlite3 command by the path that herd prints", async ({ expect, skip }) => {
		const run = (...args: string[]) => promisify(execFile)("sqlite3", args);
		const there = await run("-version").then(
			() => true,
			() => false,
		);
		if (!there) skip("this machine has no sqlite3 command");
		const path = /sqlite3 (\S+latency\.db)/.exec(herd.output)?.[1] ?? "";
		for (const statement of Object.values(STATEMENTS)) expect((await run(path, statement)).stdout).toContain("tiny:latest");
	});
});

describe("workerd killed under a running herd", () => {
	it("comes back by itself, on the same port, knowing its machines and its rows", async ({ expect }) => {
		const before = { rows: count(), pid: herd.workerdPid() };
		process.kill(before.pid, "SIGKILL");
		await until("it is gone", () => !isAlive(before.pid));
		// The relay holds the connection until workerd is there again
		const response = await chat();
		expect([response.status, response.headers.get("x-fleet-node")]).toEqual([200, "golden"]);
		expect(herd.workerdPid()).not.toBe(before.pid);
		await until("the next row is written", () => count() === before.rows + 1);
		expect(herd.running).toBe(true);
	});
});

describe("workerd killed under load", () => {
	it("loses no row older than a second, keeps the file whole, and says so at the next start", async ({ expect }) => {
		const ended: { id: string; at: number }[] = [];
		let asking = true;
		const isAsking = () => asking;
		const client = async () => {
			while (isAsking()) {
				const response = await chat(20).catch(() => undefined);
				if (response?.ok) ended.push({ id: response.headers.get("x-request-id") ?? "", at: Date.now() });
			}
		};
		const clients = Array.from({ length: 8 }, client);
		await until("there has been a load for a while", () => Date.now() - (ended[50]?.at ?? Infinity) > 1_500);
		for (const statement of Object.values(STATEMENTS)) expect(rows(statement)).not.toEqual([]);
		const { length: before } = ended;
		const pid = herd.workerdPid();
		const killedAt = Date.now();
		process.kill(pid, "SIGKILL");
		await until("it serves again", () => ended.length > before + 100);
		asking = false;
		await Promise.all(clients);
		await until("the last row is written", () => hasRow(ended.at(-1)?.id));
		const older = ended.filter(({ at }) => at < killedAt - 1_000 || at > killedAt + 1_000);
		expect(older.length).toBeGreaterThan(0);
		expect(older.filter(({ id }) => !hasRow(id))).toEqual([]);
		expect(rows("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
		const { total_requests: counted } = (await (await fetch(`${url}/dashboard/api/overview`)).json()) as { total_requests: number };
		expect(counted).toBe(count());
		const log = readFileSync(join(folder, "logs", "herd.jsonl"), "utf8");
		expect(log.match(/The router before this one was cut off/g)).toHaveLength(2);
	});
});

describe("herd killed with -9", () => {
	it("leaves no workerd, and the next herd on the folder has everything", async ({ expect }) => {
		const before = count();
		const workerd = herd.workerdPid();
		expect(isAlive(workerd)).toBe(true);
		herd.signal("SIGKILL");
		await herd.ended();
		await until("its workerd is gone too", () => !isAlive(workerd));
		herd = new HerdProcess({ dataDir: folder });
		things.push(herd);
		url = `http://127.0.0.1:${await herd.port()}`;
		// The agent still beats to the port of the dead one: what is known comes from the folder
		expect((await chat()).status).toBe(200);
		await until("the next row is written", () => count() === before + 1);
		expect(rows("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
	});
});
