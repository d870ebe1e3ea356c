/**
 * Loads that go on without their client. Ollama drops a load when the socket of the request that wanted it closes, and the next
 * client would wait for all of it again. So the socket stays open until the model is in memory, and no answer is written.
 */
import type { ClientRequest } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { residentModels } from "../ollama/models.ts";
import { askOllama } from "../ollama/client.ts";

/** Ollama answers this within milliseconds, during a load too. */
const LOOK_EVERY_MS = 250;
/** Longer than any load from a disk that works. */
const LONGEST_LOAD_MS = 600_000;

export class Loads {
	#ollamaUrl: string;
	#dropped = new AbortController();

	constructor(ollamaUrl: string) {
		this.#ollamaUrl = ollamaUrl;
	}

	/** Closes the request's socket once the model is in memory, Ollama has answered, or it has taken too long. Resolves then. */
	async finish(outgoing: ClientRequest, model: string): Promise<void> {
		const over = new AbortController();
		for (const event of ["response", "close"]) outgoing.once(event, () => over.abort());
		const signal = AbortSignal.any([over.signal, this.#dropped.signal, AbortSignal.timeout(LONGEST_LOAD_MS)]);
		while (!signal.aborted && !(await this.#isInMemory(model))) await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
		outgoing.destroy();
	}

	/** Lets all of them go, and every later one at once. */
	drop(): void {
		this.#dropped.abort();
	}

	async #isInMemory(model: string): Promise<boolean> {
		const answer = await askOllama(this.#ollamaUrl, "/api/ps");
		return answer.kind === "answered" && residentModels(answer.body).some(({ name }) => sameModel(name, model));
	}
}

/** Ollama lists a model by the name that loaded it, as the owner wrote it. */
function sameModel(listed: string, wanted: string): boolean {
	return withTag(listed.toLowerCase()) === withTag(wanted.toLowerCase());
}

function withTag(name: string): string {
	return name.lastIndexOf(":") > name.lastIndexOf("/") ? name : `${name}:latest`;
}
