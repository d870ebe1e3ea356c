import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { InstalledModel, ResidentModel } from "../../../worker/protocol/ollama.ts";
import { Latest } from "../latest.ts";
import { askOllama } from "./client.ts";
import type { OllamaAnswer } from "./client.ts";
import { LearntModels } from "./learnt.ts";
import { installedModels, residentModels } from "./models.ts";
import { pastAfter, stateBy } from "./state.ts";
import type { Past } from "./state.ts";

/** Enough for a few dozen models on an idle machine; what is learnt later comes with a later beat. */
const LEARNING_WAIT_MS = 500;

const VersionSchema = z.looseObject({ version: z.string() });

export type OllamaSettings = OllamaReport["settings"];

export interface WatchParts {
	ollamaUrl: string;
	now: () => number;
	/** Asked for every beat; `anew` when Ollama has been started since. */
	readSettings: (anew: boolean) => Promise<OllamaSettings>;
	/** Whether an Ollama is installed on this machine; asked only when nothing answers. */
	isInstalled: () => Promise<boolean>;
}

/** What Ollama is doing, asked anew for every beat; silence, a stop and a crash stay three different things. */
export class OllamaWatch {
	#parts: WatchParts;
	#learnt: LearntModels;
	#settings: Latest<OllamaSettings>;
	#areSettingsOld = true;
	#resident: ResidentModel[] = [];
	#installed: InstalledModel[] | undefined;
	#version: string | undefined;
	#past: Past = { hasRun: false, isAway: false };

	constructor(parts: WatchParts) {
		this.#parts = parts;
		this.#learnt = new LearntModels(parts.ollamaUrl, parts.now);
		this.#settings = new Latest(() => {
			const anew = this.#areSettingsOld;
			this.#areSettingsOld = false;
			return parts.readSettings(anew);
		});
	}

	async read(): Promise<OllamaReport> {
		const ask = (path: string) => askOllama(this.#parts.ollamaUrl, path);
		const [ps, tags, version] = await Promise.all([ask("/api/ps"), ask("/api/tags"), ask("/api/version")]);
		const state = await this.#stateOf([ps, tags]);
		await this.#remember(state, { ps, tags, version });
		return {
			state,
			...(this.#version === undefined ? {} : { version: this.#version }),
			settings: this.#settings.value ?? {},
			models_loaded: this.#resident,
			...(this.#installed === undefined ? {} : { models_available: this.#learnt.addTo(this.#installed) }),
		};
	}

	async #stateOf(needed: readonly OllamaAnswer[]): Promise<OllamaReport["state"]> {
		const isClosed = needed.some(({ kind }) => kind === "closed");
		const isInstalled = isClosed && !this.#past.hasRun ? await this.#parts.isInstalled() : true;
		const state = stateBy(needed, this.#past, isInstalled);
		this.#past = pastAfter(state, this.#past);
		if (this.#past.isAway) this.#areSettingsOld = true;
		return state;
	}

	/** Another version is another start, seen or not. */
	#noteVersion(version: string | undefined): void {
		if (version === undefined || version === this.#version) return;
		this.#version = version;
		this.#areSettingsOld = true;
	}

	async #remember(state: OllamaReport["state"], { ps, tags, version }: Record<"ps" | "tags" | "version", OllamaAnswer>): Promise<void> {
		// While it is busy the last list stands; once it has ended nothing is in memory.
		if (state !== "running" && state !== "busy") this.#resident = [];
		if (ps.kind === "answered") this.#resident = residentModels(ps.body);
		if (version.kind === "answered") this.#noteVersion(VersionSchema.safeParse(version.body).data?.version);
		if (tags.kind !== "answered") return;
		this.#installed = installedModels(tags.body);
		await Promise.all([
			this.#settings.refresh(LEARNING_WAIT_MS),
			Promise.race([this.#learnt.learn(this.#installed), delay(LEARNING_WAIT_MS, undefined, { ref: false })]),
		]);
	}
}
