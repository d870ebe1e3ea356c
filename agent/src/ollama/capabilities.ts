import * as z from "zod";
import type { InstalledModel } from "../../../worker/protocol/ollama.ts";
import { askOllama } from "./client.ts";

/** Older versions say in `/api/show` only what a model can do. */
const ShowSchema = z.looseObject({ capabilities: z.array(z.string()).optional() });

/** A machine with a hundred models must not ask a hundred questions at once. */
const ASKED_AT_ONCE = 4;
/** A model that gave no answer is asked again with the next minute's beat. */
const ASK_AGAIN_MS = 60_000;

/** What models can do, asked once per digest. */
export class Capabilities {
	#ollamaUrl: string;
	#now: () => number;
	#known = new Map<string, string[]>();
	#askAgainAt = new Map<string, number>();

	constructor(ollamaUrl: string, now: () => number) {
		this.#ollamaUrl = ollamaUrl;
		this.#now = now;
	}

	/** Asks about every model which says nothing itself. */
	async learn(models: readonly InstalledModel[]): Promise<void> {
		// Two names of one digest are one question.
		const waiting = [...new Map(models.filter((model) => this.#isUnknown(model)).map((model) => [keyOf(model), model])).values()];
		const ask = async () => {
			for (let model = waiting.shift(); model !== undefined; model = waiting.shift()) await this.#ask(model);
		};
		await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
	}

	/** The entries with what is known; those that speak for themselves stay as they are. */
	addTo(models: readonly InstalledModel[]): InstalledModel[] {
		return models.map((model) => {
			const learnt = isSilent(model) ? this.#known.get(keyOf(model)) : undefined;
			return learnt === undefined ? model : { ...model, capabilities: learnt };
		});
	}

	#isUnknown(model: InstalledModel): boolean {
		const key = keyOf(model);
		return isSilent(model) && !this.#known.has(key) && (this.#askAgainAt.get(key) ?? 0) <= this.#now();
	}

	async #ask(model: InstalledModel): Promise<void> {
		const key = keyOf(model);
		this.#askAgainAt.set(key, this.#now() + ASK_AGAIN_MS);
		const answer = await askOllama(this.#ollamaUrl, "/api/show", { model: model.name });
		const shown = answer.kind === "answered" ? ShowSchema.safeParse(answer.body) : undefined;
		if (shown?.data?.capabilities !== undefined) this.#known.set(key, shown.data.capabilities);
	}
}

function isSilent({ capabilities }: InstalledModel): boolean {
	return capabilities === undefined || capabilities === null;
}

function keyOf(model: InstalledModel): string {
	return model.digest ?? model.name;
}
