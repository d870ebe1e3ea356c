/** Calls that wait inside the Fleet object for a word, by request id. */
export class Waiters<Word> {
	readonly #waiting = new Map<string, (word: Word) => void>();

	/** Resolves with the word that `tell` brings. */
	wait(requestId: string): Promise<Word> {
		return new Promise((resolve) => this.#waiting.set(requestId, resolve));
	}

	/** Nothing happens when nobody waits under this id. */
	tell(requestId: string, word: Word): void {
		this.#waiting.get(requestId)?.(word);
		this.#waiting.delete(requestId);
	}

	get ids(): string[] {
		return [...this.#waiting.keys()];
	}
}
