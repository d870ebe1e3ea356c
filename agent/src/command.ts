import { execFile } from "node:child_process";

/** A program that hangs (a driver in trouble, a dead mount) costs its own value only. */
const LIMIT_MS = 3_000;
const MAX_OUTPUT_BYTES = 1_048_576;
/** Of what a failing program says, one line is enough for a person. */
const MAX_WORDS = 160;

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
		execFile(program, args, options, (error, stdout, stderr) => {
			if (error === null) resolve(stdout);
			else reject(new Error(reasonOf(program, error, firstLine(stdout) ?? firstLine(stderr)), { cause: error }));
		});
	});
}

/** True when `output` was rejected because there is no such program. */
export function isNotInstalled(error: unknown): boolean {
	const cause: unknown = error instanceof Error ? error.cause : undefined;
	return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT";
}

function reasonOf(program: string, error: Error & { code?: unknown; killed?: boolean }, words: string | undefined): string {
	if (error.code === "ENOENT") return `${program} is not installed`;
	if (error.code === "EACCES") return `${program} may not be run`;
	if (error.killed === true) return `${program} did not answer within ${LIMIT_MS / 1000} s`;
	return `${program} failed (${String(error.code ?? "no exit code")})${words === undefined ? "" : `: ${words}`}`;
}

function firstLine(text: string): string | undefined {
	const line = text.split("\n").find((candidate) => candidate.trim() !== "");
	return line?.trim().slice(0, MAX_WORDS);
}
