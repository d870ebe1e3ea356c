/** The data folder: its secrets, its lock, and which database is in it. */
import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isDemo, markAsDemo, moveDemoAside } from "./demo-data.ts";
import { UserError } from "./user-error.ts";

const SECRET_BYTES = 24;

export interface DataFolder {
	readonly path: string;
	readonly logs: string;
	/** Miniflare's own files. */
	readonly state: string;
	readonly workerdPidFile: string;
	/** The admin's key and the token with which a machine joins, made at the first start. */
	readonly adminKey: string;
	readonly joinToken: string;
	/** Lets another router use the folder. */
	release(): void;
}

export function defaultDataFolder(): string {
	return join(homedir(), ".fleet-manager");
}

/** Opens the folder for one router, making what is missing. Throws a `UserError` when it can't be written or is in use. */
export function openDataFolder(path: string, { demo, say }: { demo: boolean; say: (line: string) => void }): DataFolder {
	makeWritable(path);
	const lock = takeLock(path);
	if (demo) markAsDemo(path);
	else if (isDemo(path)) say(`The demo's data were moved to ${moveDemoAside(path)}`);
	for (const folder of ["logs", "router"]) mkdirSync(join(path, folder), { recursive: true });
	return {
		path,
		logs: join(path, "logs"),
		state: join(path, "router"),
		workerdPidFile: join(path, "workerd.pid"),
		adminKey: secretIn(path, "admin-key"),
		joinToken: secretIn(path, "join-token"),
		release: () => rmSync(lock, { force: true }),
	};
}

/** The secret kept in a file that only its owner may read. */
export function secretIn(folder: string, name: string): string {
	const file = join(folder, name);
	if (existsSync(file)) {
		const kept = readFileSync(file, "utf8").trim();
		if (kept !== "") return kept;
	}
	const secret = randomBytes(SECRET_BYTES).toString("base64url");
	writeFileSync(file, `${secret}\n`, { mode: 0o600 });
	return secret;
}

function makeWritable(path: string): void {
	try {
		mkdirSync(path, { recursive: true });
		accessSync(path, constants.W_OK);
	} catch (error) {
		const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
		throw new UserError(`The data folder ${path} can't be written (${reason}): make it writable, or choose another with --data-dir`);
	}
}

function takeLock(path: string): string {
	const lock = join(path, "herd.pid");
	const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8").trim()) : 0;
	if (holder > 0 && holder !== process.pid && isAlive(holder)) {
		throw new UserError(
			`Another herd (process ${holder}) runs on the data folder ${path}: stop it first, or choose another folder with --data-dir`,
		);
	}
	writeFileSync(lock, `${process.pid}\n`);
	return lock;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
