import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	statSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, it } from "vitest";
import { openDataFolder } from "../../../local/data-folder.ts";
import { demoFolder } from "../../../local/demo-data.ts";
import { linkLatencyDb } from "../../../local/latency-db.ts";

const folders: string[] = [];

afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "herd-data-"));
	folders.push(folder);
	return folder;
}

const open = (folder: string, demo = false) => openDataFolder(folder, { demo, say: () => undefined });

function writeTraces(file: string): void {
	const database = new DatabaseSync(file);
	database.exec("create table request_traces (id integer); insert into request_traces values (1)");
	database.close();
}

describe("the data folder", () => {
	it("keeps its secrets over restarts, for its owner only", ({ expect }) => {
		const folder = newFolder();
		const first = open(folder);
		first.release();
		const second = open(folder);
		expect([second.adminKey, second.joinToken]).toEqual([first.adminKey, first.joinToken]);
		expect(first.adminKey).not.toBe(first.joinToken);
		expect(statSync(join(folder, "admin-key")).mode & 0o777).toBe(0o600);
	});

	it("is closed to other users when herd makes it, with all that lies in it", ({ expect }) => {
		const folder = join(newFolder(), "new");
		open(folder);
		for (const name of ["", "logs", "router"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
	});

	it("keeps the mode its owner gave it, while what herd keeps in it is closed", ({ expect }) => {
		const folder = newFolder();
		chmodSync(folder, 0o755);
		for (const name of ["logs", "router"]) mkdirSync(join(folder, name), { mode: 0o755 });
		open(folder);
		expect(statSync(folder).mode & 0o777).toBe(0o755);
		for (const name of ["logs", "router"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
	});

	it("is closed to other users as well where the demo's data are kept aside", ({ expect }) => {
		const folder = newFolder();
		open(folder, true).release();
		open(folder);
		expect(statSync(join(folder, "demo-kept-1")).mode & 0o777).toBe(0o700);
	});

	it("says so when it can't be written", ({ expect }) => {
		const file = join(newFolder(), "a-file");
		writeFileSync(file, "");
		expect(() => open(join(file, "below"))).toThrow(/can't be written/);
	});
});

describe("demo and real data", () => {
	it("never meet: a real router moves the demo's aside first, and keeps its secrets", ({ expect }) => {
		const folder = newFolder();
		const demo = open(folder, true);
		writeFileSync(join(folder, "router", "rows"), "demo rows");
		demo.release();
		const real = open(folder);
		expect(existsSync(join(folder, "router", "rows"))).toBe(false);
		expect(readFileSync(join(folder, "demo-kept-1", "router", "rows"), "utf8")).toBe("demo rows");
		expect(real.adminKey).toBe(demo.adminKey);
		expect(existsSync(join(folder, ".demo"))).toBe(false);
	});

	it("are kept apart by the demo too: it leaves a folder with real rows alone", ({ expect }) => {
		const folder = newFolder();
		expect(demoFolder(folder)).toBe(folder);
		writeTraces(join(folder, "latency.db"));
		expect(demoFolder(folder)).toBe(join(folder, "demo"));
		writeFileSync(join(folder, ".demo"), "");
		expect(demoFolder(folder)).toBe(folder);
	});

	it("counts a file that is no database as somebody's", ({ expect }) => {
		const folder = newFolder();
		writeFileSync(join(folder, "latency.db"), "not a database, but mine");
		expect(demoFolder(folder)).toBe(join(folder, "demo"));
	});
});

describe("latency.db", () => {
	function withDatabase(): { folder: string; state: string } {
		const folder = newFolder();
		const databases = join(folder, "router", "d1", "miniflare-D1DatabaseObject");
		mkdirSync(databases, { recursive: true });
		writeTraces(join(databases, "0123abcd.sqlite"));
		writeFileSync(join(databases, "metadata.sqlite"), "");
		return { folder, state: join(folder, "router") };
	}

	it("is a link to the live file, renewed at each start", ({ expect }) => {
		const { folder, state } = withDatabase();
		expect(linkLatencyDb(folder, state)).toBeUndefined();
		expect(linkLatencyDb(folder, state)).toBeUndefined();
		expect(lstatSync(join(folder, "latency.db")).isSymbolicLink()).toBe(true);
		const database = new DatabaseSync(join(folder, "latency.db"), { readOnly: true });
		expect(database.prepare("select count(*) as n from request_traces").get()).toEqual({ n: 1 });
		database.close();
	});

	it("of the origin is kept under another name, with its journal, and never overwritten", ({ expect }) => {
		const { folder, state } = withDatabase();
		for (const name of ["latency.db", "latency.db-wal"]) writeFileSync(join(folder, name), "the origin's");
		expect(linkLatencyDb(folder, state)).toContain("latency-before-herd.db");
		writeFileSync(join(folder, "latency-before-herd.db"), "the origin's");
		expect(readdirSync(folder)).toEqual(expect.arrayContaining(["latency-before-herd.db", "latency-before-herd.db-wal", "latency.db"]));
	});
});
