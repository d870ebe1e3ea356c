/** The data folder: its secrets, its lock, and which database is in it. */
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isDemo, markAsDemo, moveDemoAside } from "./demo-data.ts";
import { takeLock } from "./lock.ts";
import { UserError } from "./user-error.ts";

const SECRET_BYTES = 24;
/** The database holds the machines' secrets and who asked what: they are their owner's. */
const OWNER_ONLY = 0o700;

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
	const release = takeLock(path);
	try {
		if (demo) markAsDemo(path);
		else if (isDemo(path)) say(`The demo's data were moved to ${moveDemoAside(path)}`);
		for (const folder of ["logs", "router"]) makePrivate(join(path, folder), say);
		return { ...contentsOf(path), release };
	} catch (error) {
		release();
		throw error;
	}
}

function contentsOf(path: string): Omit<DataFolder, "release"> {
	return {
		path,
		logs: join(path, "logs"),
		state: join(path, "router"),
		workerdPidFile: join(path, "workerd.pid"),
		adminKey: secretIn(path, "admin-key"),
		joinToken: secretIn(path, "join-token"),
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

/** A folder of the person's that was there keeps the mode they gave it. */
function makeWritable(path: string): void {
	try {
		mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
		accessSync(path, constants.W_OK);
	} catch (error) {
		throw new UserError(
			`The data folder ${path} can't be written (${reasonOf(error)}): make it writable, or choose another with --data-dir`,
		);
	}
}

/** Some network drives have no modes: that is worth a word, not a stop. */
function makePrivate(folder: string, say: (line: string) => void): void {
	mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
	try {
		chmodSync(folder, OWNER_ONLY);
	} catch (error) {
		say(`Warning: other users of this machine may be able to read ${folder}: its mode can't be changed (${reasonOf(error)})`);
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
