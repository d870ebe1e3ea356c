/**
 * Sees to it that workerd never outlives the router, even when the router is killed with -9. A shell holds the reading end of
 * a pipe; when the router is gone, however it went, the pipe closes and the shell ends workerd.
 */
import { execFile, spawn } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const WRAPPER = join(dirname(fileURLToPath(import.meta.url)), "workerd.sh");
/** The file is gone after an orderly end, and then there is nothing to do. Ctrl-C reaches the whole group: it is not for the shell. */
const WATCH = 'trap "" INT TERM HUP; read _; [ -f "$0" ] && kill -9 "$(cat "$0")" 2>/dev/null; rm -f "$0"';

/** Makes Miniflare start workerd through the wrapper that notes its process id. Call before Miniflare starts. */
export async function watchOverWorkerd(pidFile: string): Promise<void> {
	if (process.platform === "win32") return;
	await endLeftover(pidFile);
	process.env.HERD_WORKERD = workerdBinary();
	process.env.HERD_WORKERD_PID_FILE = pidFile;
	process.env.MINIFLARE_WORKERD_PATH = WRAPPER;
	chmodSync(WRAPPER, 0o755);
	const shell = spawn("/bin/sh", ["-c", WATCH, pidFile], { stdio: ["pipe", "ignore", "ignore"], detached: true });
	shell.unref();
	shell.stdin.on("error", () => undefined);
	if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
}

/** After an orderly end: nothing is left to bury. */
export function dismissUndertaker(pidFile: string): void {
	rmSync(pidFile, { force: true });
}

/** A workerd left by a router whose undertaker was killed too would hold the database. */
async function endLeftover(pidFile: string): Promise<void> {
	const pid = readPid(pidFile);
	if (pid === undefined) return;
	const command = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
	if (command.stdout.includes("workerd")) process.kill(pid, "SIGKILL");
	rmSync(pidFile, { force: true });
}

function readPid(pidFile: string): number | undefined {
	try {
		const pid = Number(readFileSync(pidFile, "utf8").trim());
		return Number.isInteger(pid) && pid > 1 ? pid : undefined;
	} catch {
		return undefined;
	}
}

function workerdBinary(): string {
	const workerd: unknown = createRequire(import.meta.url)("workerd");
	const path = typeof workerd === "object" && workerd !== null && "default" in workerd ? workerd.default : undefined;
	if (typeof path !== "string") throw new Error("The workerd package names no binary for this system");
	return path;
}
