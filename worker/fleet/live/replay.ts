/** The latest events, for readers that come back with the id of the last one they got. */

const MOST_EVENTS = 500;
const MOST_CHARACTERS = 4 * 1024 ** 2;

interface KeptEvent {
	readonly number: number;
	readonly text: string;
}

export class Replay {
	#kept: KeptEvent[] = [];
	#characters = 0;
	/** Of the event before the oldest that is kept. */
	#forgotten = 0;

	keep(event: KeptEvent): void {
		this.#kept.push(event);
		this.#characters += event.text.length;
		while (this.#kept.length > MOST_EVENTS || this.#characters > MOST_CHARACTERS) {
			const oldest = this.#kept.shift();
			this.#forgotten = oldest?.number ?? this.#forgotten;
			this.#characters -= oldest?.text.length ?? 0;
		}
	}

	/** All events after that one; undefined when some of them are no longer kept. */
	since(number: number): string | undefined {
		if (number < this.#forgotten) return undefined;
		return this.#kept
			.filter((event) => event.number > number)
			.map(({ text }) => text)
			.join("");
	}

	/** From now on nothing up to that event can be told again. */
	forget(number: number): void {
		this.#kept = [];
		this.#characters = 0;
		this.#forgotten = number;
	}
}
