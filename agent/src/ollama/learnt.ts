import * as z from "zod";
import type { InstalledModel } from "../../../worker/protocol/ollama.ts";
import { askOllama } from "./client.ts";

/** Versions before 0.30 say in `/api/show` alone what a model can do and for how much context it was made; the oldest not even there. */
const ShowSchema = z.looseObject({
	capabilities: z.array(z.string()).optional(),
	model_info: z.record(z.string(), z.unknown()).nullish(),
});

/** A machine with a hundred models must not ask a hundred questions at once. */
const ASKED_AT_ONCE = 4;
/** A model that gave no answer is asked again with the next minute's beat. */
const ASK_AGAIN_MS = 60_000;

/** What `/api/show` says of a model and `/api/tags` may not. */
export interface Learnt {
	capabilities?: string[];
	/** The most that the model was made for. */
	contextLength?: number;
}

/** What models can do, asked once per digest. */
export class LearntModels {
	#ollamaUrl: string;
	#now: () => number;
	#known = new Map<string, Learnt>();
	#askAgainAt = new Map<string, number>();

	constructor(ollamaUrl: string, now: () => number) {
		this.#ollamaUrl = ollamaUrl;
		this.#now = now;
	}

	/** Asks about every model which does not say all itself. */
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
		return models.map((model) => (isSilent(model) ? completed(model, this.#known.get(keyOf(model)) ?? {}) : model));
	}

	#isUnknown(model: InstalledModel): boolean {
		const key = keyOf(model);
		return isSilent(model) && !this.#known.has(key) && (this.#askAgainAt.get(key) ?? 0) <= this.#now();
	}

	async #ask(model: InstalledModel): Promise<void> {
		const key = keyOf(model);
		this.#askAgainAt.set(key, this.#now() + ASK_AGAIN_MS);
		const answer = await askOllama(this.#ollamaUrl, "/api/show", { model: model.name });
		if (answer.kind === "answered") this.#known.set(key, parseShow(answer.body));
	}
}

/** The architecture's name stands before the figure: `llama.context_length`. */
export function parseShow(body: unknown): Learnt {
	const { capabilities, model_info: info } = ShowSchema.safeParse(body).data ?? {};
	const length = info?.[`${String(info["general.architecture"])}.context_length`];
	return {
		...(capabilities === undefined ? {} : { capabilities }),
		...(typeof length === "number" && length > 0 ? { contextLength: length } : {}),
	};
}

function completed(model: InstalledModel, { capabilities, contextLength }: Learnt): InstalledModel {
	const lacksLength = contextLength !== undefined && model.details?.context_length === undefined;
	return {
		...model,
		...(lacksLength && { details: { ...model.details, context_length: contextLength } }),
		...(capabilities !== undefined && isUnset(model.capabilities) && { capabilities }),
	};
}

function isSilent({ capabilities, details }: InstalledModel): boolean {
	return isUnset(capabilities) || details?.context_length === undefined;
}

function isUnset(value: unknown): boolean {
	return value === undefined || value === null;
}

function keyOf(model: InstalledModel): string {
	return model.digest ?? model.name;
}
