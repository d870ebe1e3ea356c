/** What a runner remembers of earlier prompts: the text in each slot, and since 0.30 those pushed out of slots. */

/** Below this share of the prompt a slot counts as not matching. */
const SIMILAR_RATIO = 0.1;

interface Sequence {
	text: string;
	usedAt: number;
}

export class PrefixCache {
	readonly #slots: Sequence[];
	readonly #stored: Sequence[] = [];
	readonly #storedCharacters: number;
	readonly #spreads: boolean;

	/** `storedCharacters` bounds what is kept beside the slots, 0 keeps nothing; without `spreads` an unknown prompt always takes the first slot. */
	constructor(slots: number, { storedCharacters, spreads }: { storedCharacters: number; spreads: boolean }) {
		this.#spreads = spreads;
		this.#slots = Array.from({ length: slots }, () => ({ text: "", usedAt: 0 }));
		this.#storedCharacters = storedCharacters;
	}

	/** Puts the prompt into the best idle slot; answers how many of its characters need no reading. */
	begin(prompt: string, idle: readonly number[], now: number): { slot: number; cachedCharacters: number } {
		const slot = this.#bestSlot(prompt, idle);
		const inSlot = commonPrefix(this.#slots[slot]?.text ?? "", prompt);
		const stored = this.#longestStored(prompt);
		if (inSlot < (this.#slots[slot]?.text.length ?? 0)) this.#store(this.#slots[slot]);
		this.#slots[slot] = { text: prompt, usedAt: now };
		return { slot, cachedCharacters: Math.max(inSlot, stored) };
	}

	/** The slot now holds the answer too. */
	finish(slot: number, text: string, now: number): void {
		this.#slots[slot] = { text, usedAt: now };
	}

	#bestSlot(prompt: string, idle: readonly number[]): number {
		const similar = idle
			.map((slot) => ({ slot, length: commonPrefix(this.#slots[slot]?.text ?? "", prompt) }))
			.filter(({ length }) => length > prompt.length * SIMILAR_RATIO)
			.toSorted((one, other) => other.length - one.length)[0];
		if (similar) return similar.slot;
		if (!this.#spreads) return idle[0] ?? 0;
		return idle.toSorted((one, other) => this.#usedAt(one) - this.#usedAt(other))[0] ?? 0;
	}

	#usedAt(slot: number): number {
		return this.#slots[slot]?.usedAt ?? 0;
	}

	#longestStored(prompt: string): number {
		return Math.max(0, ...this.#stored.map((sequence) => commonPrefix(sequence.text, prompt)));
	}

	#store(sequence: Sequence | undefined): void {
		if (!sequence || this.#storedCharacters === 0) return;
		this.#stored.push(sequence);
		let total = this.#stored.reduce((sum, { text }) => sum + text.length, 0);
		while (total > this.#storedCharacters) total -= this.#stored.shift()?.text.length ?? total;
	}
}

function commonPrefix(one: string, other: string): number {
	const limit = Math.min(one.length, other.length);
	let length = 0;
	while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length++;
	return length;
}
