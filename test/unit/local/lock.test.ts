import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { takeLock } from "../../../local/lock.ts";

const LONG_AGO = new Date(Date.now() - 3_600_000);

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "herd-lock-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockFile = () => join(folder, "herd.pid");
const holder = () => readFileSync(lockFile(), "utf8").trim();

describe("the lock of a data folder", () => {
	it("names this process, and is gone once released", ({ expect }) => {
		const release = takeLock(folder);
		expect(holder()).toBe(String(process.pid));
		release();
		expect(existsSync(lockFile())).toBe(false);
	});

	it("is not given while another Node program holds it", ({ expect }) => {
		writeFileSync(lockFile(), `${process.ppid}\n`);
		expect(() => takeLock(folder)).toThrow(`Another herd (process ${process.ppid}) runs on the data folder ${folder}`);
		expect(holder()).toBe(String(process.ppid));
	});

	it("is taken over from a process that is gone, without a trace", ({ expect }) => {
		writeFileSync(lockFile(), "999999999\n");
		takeLock(folder);
		expect(holder()).toBe(String(process.pid));
		expect(readdirSync(folder)).toEqual(["herd.pid"]);
	});

	it("is taken over when its number is another program's now", async ({ expect }) => {
		const other = spawn("sleep", ["600"], { stdio: "ignore" });
		await once(other, "spawn");
		try {
			writeFileSync(lockFile(), `${other.pid}\n`);
			takeLock(folder);
			expect(holder()).toBe(String(process.pid));
		} finally {
			other.kill();
		}
	});

	it("left empty is a start under way at first, and what a power cut left later", ({ expect }) => {
		writeFileSync(lockFile(), "");
		expect(() => takeLock(folder)).toThrow("just starting");
		utimesSync(lockFile(), LONG_AGO, LONG_AGO);
		takeLock(folder);
		expect(holder()).toBe(String(process.pid));
	});

	it("of somebody else is left when ours is released", ({ expect }) => {
		const release = takeLock(folder);
		writeFileSync(lockFile(), "4711\n");
		release();
		expect(holder()).toBe("4711");
	});
});
