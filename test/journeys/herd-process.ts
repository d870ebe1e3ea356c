/** `herd` as a person runs it: a process of its own, its terminal, its signals. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../local/places.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import type { Ended } from "./household.ts";
import { until } from "./until.ts";

export interface HerdOptions {
	readonly dataDir: string;
	/** Any free port unless said. */
	readonly flags?: readonly string[];
	readonly variables?: Readonly<Record<string, string>>;
}

export class HerdProcess implements Ended {
	readonly #child: ChildProcess;
	readonly #dataDir: string;
	#output = "";
	#errors = "";

	constructor({ dataDir, flags = ["--port", "0"], variables = {} }: HerdOptions) {
		const all = [join(ROOT, "local", "herd.ts"), "--host", "127.0.0.1", "--no-agent", "--data-dir", dataDir, ...flags];
		this.#dataDir = dataDir;
		// A process group of its own, as a terminal gives it; the channel ends it should this process die
		const how = { env: { ...cleanEnvironment(), ...variables }, detached: true } as const;
		this.#child = spawn(process.execPath, all, { ...how, stdio: ["ignore", "pipe", "pipe", "ipc"] });
		this.#child.stdout?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
		this.#child.stderr?.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
	}

	/** What the terminal shows. */
	get output(): string {
		return this.#output;
	}

	get errors(): string {
		return this.#errors;
	}

	get running(): boolean {
		return this.#child.exitCode === null && this.#child.signalCode === null;
	}

	/** The port it says on the terminal, once it is up. */
	async port(): Promise<number> {
		const found = await until("herd says that it is up", () => {
			if (!this.running) throw new Error(`herd has ended: ${this.#errors}`);
			return /Ollama clients\s+http:\/\/localhost:(\d+)/.exec(this.#output)?.[1];
		});
		return Number(found);
	}

	/** To this process alone. */
	signal(signal: NodeJS.Signals): void {
		this.#child.kill(signal);
	}

	/** To the whole process group, workerd included, as a terminal sends it. */
	pressCtrlC(): void {
		if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGINT");
	}

	/** Waits for its end. `code` is null when a signal ended it. */
	async ended(): Promise<{ code: number | null; output: string; errors: string }> {
		if (this.running) await once(this.#child, "close");
		return { code: this.#child.exitCode, output: this.#output, errors: this.#errors };
	}

	/** The process id of its workerd, as it notes it. */
	workerdPid(): number {
		return Number(readFileSync(this.#workerdPidFile, "utf8").trim());
	}

	get #workerdPidFile(): string {
		return join(this.#dataDir, "workerd.pid");
	}

	secret(name: "admin-key" | "join-token"): string {
		return readFileSync(join(this.#dataDir, name), "utf8").trim();
	}

	/** At once; waits until its workerd is gone as well, which needs the data folder. */
	async stop(): Promise<void> {
		if (!this.running) return;
		const workerd = existsSync(this.#workerdPidFile) ? this.workerdPid() : undefined;
		this.#child.kill("SIGKILL");
		await this.ended();
		if (workerd) await until("its workerd has gone", () => !isAlive(workerd));
	}
}

/** Whether a process of this id is there. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
