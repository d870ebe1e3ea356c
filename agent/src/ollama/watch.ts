import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { InstalledModel, ResidentModel } from "../../../worker/protocol/ollama.ts";
import { Latest } from "../latest.ts";
import { Capabilities } from "./capabilities.ts";
import { askOllama } from "./client.ts";
import type { OllamaAnswer } from "./client.ts";
import { installedModels, residentModels } from "./models.ts";

/** Enough for a few dozen models on an idle machine; what is learnt later comes with a later beat. */
const LEARNING_WAIT_MS = 500;
/** Settings change with a restart of Ollama only, and finding them costs a process or two. */
const SETTINGS_AGE_MS = 60_000;

const VersionSchema = z.looseObject({ version: z.string() });

export type OllamaSettings = OllamaReport["settings"];

export interface WatchParts {
	ollamaUrl: string;
	now: () => number;
	readSettings: () => Promise<OllamaSettings>;
	/** Whether an Ollama is installed on this machine; asked only when nothing answers. */
	isInstalled: () => Promise<boolean>;
}

/** What Ollama is doing, asked anew for every beat; silence, a stop and a crash stay three different things. */
export class OllamaWatch {
	#parts: WatchParts;
	#capabilities: Capabilities;
	#settings: Latest<OllamaSettings>;
	#settingsReadAt = Number.NEGATIVE_INFINITY;
	#resident: ResidentModel[] = [];
	#installed: InstalledModel[] | undefined;
	#version: string | undefined;
	#hasRun = false;

	constructor(parts: WatchParts) {
		this.#parts = parts;
		this.#capabilities = new Capabilities(parts.ollamaUrl, parts.now);
		this.#settings = new Latest(parts.readSettings);
	}

	async read(): Promise<OllamaReport> {
		const ask = (path: string) => askOllama(this.#parts.ollamaUrl, path);
		const [ps, tags, version] = await Promise.all([ask("/api/ps"), ask("/api/tags"), ask("/api/version"), this.#readSettings()]);
		const state = await this.#stateOf([ps, tags]);
		await this.#remember(state, { ps, tags, version });
		return {
			state,
			...(this.#version === undefined ? {} : { version: this.#version }),
			settings: this.#settings.value ?? {},
			models_loaded: this.#resident,
			...(this.#installed === undefined ? {} : { models_available: this.#capabilities.addTo(this.#installed) }),
		};
	}

	async #stateOf(answers: OllamaAnswer[]): Promise<OllamaReport["state"]> {
		if (answers.every(({ kind }) => kind === "answered")) return "running";
		if (!answers.some(({ kind }) => kind === "closed")) return "busy";
		if (this.#hasRun) return "crashed";
		return (await this.#parts.isInstalled()) ? "stopped" : "not-installed";
	}

	async #remember(state: OllamaReport["state"], { ps, tags, version }: Record<"ps" | "tags" | "version", OllamaAnswer>): Promise<void> {
		if (state === "running" || state === "busy") this.#hasRun = true;
		// While it is busy the last list stands; once it has ended nothing is in memory.
		else this.#resident = [];
		if (ps.kind === "answered") this.#resident = residentModels(ps.body);
		if (version.kind === "answered") this.#version = VersionSchema.safeParse(version.body).data?.version ?? this.#version;
		if (tags.kind !== "answered") return;
		this.#installed = installedModels(tags.body);
		await Promise.race([this.#capabilities.learn(this.#installed), delay(LEARNING_WAIT_MS, undefined, { ref: false })]);
	}

	async #readSettings(): Promise<void> {
		const { now } = this.#parts;
		if (now() - this.#settingsReadAt < SETTINGS_AGE_MS) return;
		this.#settingsReadAt = now();
		await this.#settings.refresh(LEARNING_WAIT_MS);
	}
}
