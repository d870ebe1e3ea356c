import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, it, onTestFinished } from "vitest";
import { examineRouter } from "../../../local/doctor/examine.ts";
import { freePort } from "../../journeys/free-port.ts";
import { answerJson, listen } from "../agent/servers.ts";

let dataDir: string;

beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), "herd-doctor-"));
	onTestFinished(() => rmSync(dataDir, { recursive: true }));
});

async function findings(about: string, launch: { port?: number; variables?: Record<string, string> } = {}) {
	const { port = await freePort(), variables = {} } = launch;
	const all = await examineRouter({ host: "127.0.0.1", port, dataDir, variables, flagged: {} });
	return all.filter((finding) => finding.about === about);
}

describe("herd doctor", () => {
	it("finds nothing wrong where nothing is yet", async ({ expect }) => {
		const all = await examineRouter({ host: "127.0.0.1", port: await freePort(), dataDir, variables: {}, flagged: {} });
		expect(all.filter(({ state }) => state === "problem")).toEqual([]);
	});

	it("tells a router at its port from another program, and an address that is not ours", async ({ expect }) => {
		const herd = await listen((_, response) => answerJson(response, 200, { status: "ok", version: "1.2.3" }));
		const other = await listen((_, response) => answerJson(response, 200, {}));
		onTestFinished(() => Promise.all([herd.close(), other.close()]).then(() => undefined));
		expect(await findings("Port", herd)).toMatchObject([{ state: "ok", text: expect.stringContaining("herd 1.2.3 answers") }]);
		expect(await findings("Port", other)).toMatchObject([{ state: "problem", advice: expect.stringContaining("--port") }]);
		const elsewhere = await examineRouter({ host: "192.0.2.1", port: 0, dataDir, variables: {}, flagged: {} });
		expect(elsewhere).toContainEqual(
			expect.objectContaining({ about: "Port", state: "problem", advice: expect.stringContaining("--host") }),
		);
	});

	it("sees which process uses the folder", async ({ expect }) => {
		const parent = process.ppid;
		writeFileSync(join(dataDir, "herd.pid"), `${parent}\n`);
		expect(await findings("Data folder")).toMatchObject([{ state: "ok", text: expect.stringContaining(`process id ${parent}`) }]);
	});

	it.runIf(process.platform !== "win32")("sees secrets that others can read", async ({ expect }) => {
		writeFileSync(join(dataDir, "join-token"), "token", { mode: 0o600 });
		expect(await findings("Secrets")).toMatchObject([{ state: "ok" }]);
		writeFileSync(join(dataDir, "admin-key"), "key", { mode: 0o644 });
		expect(await findings("Secrets")).toMatchObject([{ state: "problem", advice: expect.stringMatching(/chmod 600 .*admin-key/) }]);
	});

	it("reads latency.db, and says when that is not possible", async ({ expect }) => {
		const file = join(dataDir, "real.sqlite");
		symlinkSync(file, join(dataDir, "latency.db"));
		expect(await findings("Traces")).toMatchObject([{ state: "warning", text: expect.stringContaining("leads nowhere") }]);
		const database = new DatabaseSync(file);
		database.exec("create table request_traces (id integer primary key); insert into request_traces values (7)");
		database.close();
		expect(await findings("Traces")).toMatchObject([{ state: "ok", text: expect.stringContaining("7 rows") }]);
		writeFileSync(file, "no database");
		expect(await findings("Traces")).toMatchObject([{ state: "problem", text: expect.stringContaining("can't be read") }]);
	});

	it("goes through the settings as a start would", async ({ expect }) => {
		const told = await findings("Settings", { variables: { FLEET_AUTH: "opne" } });
		expect(told).toMatchObject([{ state: "problem", text: expect.stringContaining('FLEET_AUTH="opne"') }]);
		const misspelt = await findings("Settings", { variables: { FLEET_QUEUE_MAXX: "1" } });
		expect(misspelt).toMatchObject([{ state: "warning", text: expect.stringContaining("FLEET_QUEUE_MAX?") }]);
	});
});
