/** One of the benchmark's own processes: ready when it says so, asked by message, ended in any case. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { z } from "zod";

const START_LIMIT_MS = 60_000;
/** The router lets running streams end for ten seconds. */
const STOP_LIMIT_MS = 15_000;

export interface ChildOptions {
	readonly argument?: unknown;
	readonly env?: Readonly<Record<string, string>>;
}

export class Child {
	readonly name: string;
	readonly #process: ChildProcess;

	/** `name` is that of a script in `processes/`. */
	constructor(name: string, { argument = {}, env = {} }: ChildOptions = {}) {
		this.name = name;
		const script = join(import.meta.dirname, "processes", `${name}.ts`);
		this.#process = fork(script, [JSON.stringify(argument)], {
			env: { ...neutralEnvironment(process.env), ...env },
			stdio: ["ignore", "ignore", "inherit", "ipc"],
			serialization: "advanced",
		});
	}

	get pid(): number {
		return this.#process.pid ?? 0;
	}

	/** The next message, which must come within a minute unless told otherwise. */
	async hear<Message>(schema: z.ZodType<Message>, withinMs = START_LIMIT_MS): Promise<Message> {
		const stop = new AbortController();
		const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(withinMs)]);
		try {
			const heard = once(this.#process, "message", { signal }).then(([message]: unknown[]) => message);
			const ended = once(this.#process, "exit", { signal }).then(([code]) =>
				Promise.reject(new Error(`Process "${this.name}" ended with ${code}`)),
			);
			return schema.parse(await Promise.race([heard, ended]));
		} catch (error) {
			if (signal.aborted) throw new Error(`Process "${this.name}" said nothing for ${withinMs / 1000} s`, { cause: error });
			throw error;
		} finally {
			stop.abort();
		}
	}

	async ask<Answer>(question: object, schema: z.ZodType<Answer>, withinMs: number): Promise<Answer> {
		const answer = this.hear(schema, withinMs);
		this.#process.send(question);
		return answer;
	}

	/** Resolves when the process is gone. */
	async stop(): Promise<void> {
		if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
		const gone = once(this.#process, "exit");
		const impatience = setTimeout(() => this.#process.kill("SIGKILL"), STOP_LIMIT_MS);
		if (this.#process.connected) this.#process.disconnect();
		await gone;
		clearTimeout(impatience);
	}
}

/** Settings of a real fleet or a real Ollama on this machine are not the benchmark's. */
function neutralEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("FLEET_") && !name.startsWith("OLLAMA_")));
}
