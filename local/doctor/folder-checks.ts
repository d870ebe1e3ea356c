/** The data folder: writable, whose it is now, who can read its secrets, and how much room is left. */
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Finding, ok, problem, warning } from "../../agent/src/doctor/finding.ts";
import { nearestFolder } from "../../agent/src/doctor/nearest-folder.ts";
import { holderOf } from "../lock.ts";
import type { RouterCheck } from "./examine.ts";

const GIB = 1024 ** 3;
/** A busy router writes some hundred MB of traces in a month. */
const ROOM_BYTES = 2 * GIB;
const LEAST_BYTES = 0.2 * GIB;
const OTHERS = 0o077;

export const dataFolder: RouterCheck = ({ dataDir }) => {
	try {
		accessSync(nearestFolder(dataDir), constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		return [
			problem(
				"Data folder",
				`${dataDir} can't be written (${codeOf(error)})`,
				"Make it writable for this user, or choose another with --data-dir",
			),
		];
	}
	const holder = holderOf(dataDir);
	if (holder !== undefined) return [ok("Data folder", `${dataDir} is in use by the router with process id ${holder}`)];
	return [ok("Data folder", existsSync(dataDir) ? `${dataDir} can be written, no router uses it now` : `${dataDir} will be made`)];
};

/** Windows has no modes: there the profile folder is the person's own. */
export const secrets: RouterCheck = ({ dataDir }) => {
	const files = ["admin-key", "join-token"].map((name) => join(dataDir, name)).filter((path) => existsSync(path));
	if (files.length === 0) return [ok("Secrets", "admin-key and join-token will be made at the first start")];
	const findings = files.flatMap(secretFinding);
	return findings.length > 0 ? findings : [ok("Secrets", `${files.length} files, for your eyes only`)];
};

function secretFinding(path: string): Finding[] {
	try {
		if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0)
			return [
				problem(
					"Secrets",
					`Other users of this machine can read ${path}`,
					`chmod 600 ${path}, and make a new one by deleting it before the next start`,
				),
			];
		if (readFileSync(path, "utf8").trim() !== "") return [];
		return [warning("Secrets", `${path} is empty`, "The next start makes a new one")];
	} catch (error) {
		return [problem("Secrets", `${path} can't be read (${codeOf(error)})`, "Run herd as the user who owns it")];
	}
}

export const disk: RouterCheck = ({ dataDir }) => {
	const { bavail, bsize } = statfsSync(nearestFolder(dataDir));
	const bytes = bavail * bsize;
	const text = `${(bytes / GIB).toFixed(1)} GB free for traces and logs`;
	const advice = "Make room, or choose another folder with --data-dir: without room no trace is kept";
	if (bytes < LEAST_BYTES) return [problem("Disk", text, advice)];
	return [bytes < ROOM_BYTES ? warning("Disk", text, advice) : ok("Disk", text)];
};

function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
