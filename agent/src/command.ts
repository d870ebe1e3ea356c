import { execFile } from "node:child_process";

/** A program that hangs (a driver in trouble, a dead mount) costs its own value only. */
const LIMIT_MS = 3_000;
const MAX_OUTPUT_BYTES = 1_048_576;

/** Runs a program without a shell and returns what it printed; rejects with a reason a person can read. */
export function output(program: string, args: readonly string[]): Promise<string> {
	const options = {
		encoding: "utf8" as const,
		env: { ...process.env, LC_ALL: "C" },
		killSignal: "SIGKILL" as const,
		maxBuffer: MAX_OUTPUT_BYTES,
		timeout: LIMIT_MS,
		windowsHide: true,
	};
	return new Promise((resolve, reject) => {
		execFile(program, args, options, (error, stdout) => {
			if (error === null) resolve(stdout);
			else reject(new Error(reasonOf(program, error), { cause: error }));
		});
	});
}

function reasonOf(program: string, error: Error & { code?: unknown; killed?: boolean }): string {
	if (error.code === "ENOENT") return `${program} is not installed`;
	if (error.code === "EACCES") return `${program} may not be run`;
	if (error.killed === true) return `${program} did not answer within ${LIMIT_MS / 1000} s`;
	return `${program} failed (${String(error.code ?? "no exit code")})`;
}
