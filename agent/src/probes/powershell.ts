import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** Windows' own classes may take seconds when they are asked first. */
const LIMIT_MS = 8_000;
const PROGRAM = "powershell.exe";
const ARGS = ["-NoProfile", "-NonInteractive", "-Command", "-"];
/** Else letters outside ASCII come in the language's own code page. */
const PREAMBLE = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; $ProgressPreference = 'SilentlyContinue'";
/** Ends every answer. */
const MARK = "--herd-agent-has-asked--";

/**
 * One PowerShell for all questions: to start one costs most of a second of a core. It begins with the first question, and anew
 * after one that took too long.
 */
export class PowerShell {
	#program: string;
	#args: readonly string[];
	#limitMs: number;
	#child: ChildProcess | undefined;
	#last: Promise<unknown> = Promise.resolve();

	constructor({
		program = PROGRAM,
		args = ARGS,
		limitMs = LIMIT_MS,
	}: { program?: string; args?: readonly string[]; limitMs?: number } = {}) {
		this.#program = program;
		this.#args = args;
		this.#limitMs = limitMs;
	}

	/** What one line of PowerShell prints. Questions wait for each other. */
	ask(line: string): Promise<string> {
		const answer = this.#last.catch(() => undefined).then(() => this.#askNow(line));
		this.#last = answer;
		return answer;
	}

	/** It ends by itself with the agent: its input closes. */
	end(): void {
		this.#child?.kill("SIGKILL");
		this.#child = undefined;
	}

	#askNow(line: string): Promise<string> {
		const child = (this.#child ??= this.#start());
		return new Promise((resolve, reject) => {
			const lines: string[] = [];
			const reader = createInterface({ input: streamOf(child.stdout) });
			const settle = (finish: () => void) => {
				clearTimeout(timer);
				reader.close();
				child.off("exit", onExit);
				child.off("error", onError);
				finish();
			};
			const fail = (reason: string) => {
				this.end();
				settle(() => reject(new Error(`PowerShell ${reason}`)));
			};
			const onExit = () => fail("has ended");
			const onError = (error: Error) => fail(`cannot start: ${error.message}`);
			const timer = setTimeout(() => fail(`did not answer within ${this.#limitMs / 1000} s`), this.#limitMs);
			reader.on("line", (text) => (text === MARK ? settle(() => resolve(lines.join("\n"))) : lines.push(text)));
			child.on("exit", onExit);
			child.on("error", onError);
			child.stdin?.write(`${line}; '${MARK}'\n`);
		});
	}

	#start(): ChildProcess {
		const child = spawn(this.#program, this.#args, { stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
		// A question to one that has just ended is told by its exit.
		child.stdin?.on("error", () => undefined);
		child.stdin?.write(`${PREAMBLE}\n`);
		child.unref();
		return child;
	}
}

function streamOf<Stream>(stream: Stream | null): Stream {
	if (stream === null) throw new Error("PowerShell has no output");
	return stream;
}
