/** Ends a text at the first stop sequence, and holds back what may be the beginning of one. */

export class StopGuard {
	readonly #stops: readonly string[];
	#held = "";

	constructor(stops: readonly string[]) {
		this.#stops = stops.filter((stop) => stop !== "");
	}

	/** The text that may be shown now, and whether a stop sequence ended it. */
	push(text: string): { text: string; stopped: boolean } {
		const all = this.#held + text;
		const found = this.#stops.map((stop) => all.indexOf(stop)).filter((at) => at >= 0);
		if (found.length > 0) return { text: all.slice(0, Math.min(...found)), stopped: true };
		const keep = this.#beginningAtEnd(all);
		this.#held = all.slice(all.length - keep);
		return { text: all.slice(0, all.length - keep), stopped: false };
	}

	/** What was held back when nothing more comes. */
	rest(): string {
		return this.#held;
	}

	#beginningAtEnd(text: string): number {
		let longest = 0;
		for (const stop of this.#stops) {
			for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
				if (text.endsWith(stop.slice(0, length))) longest = length;
			}
		}
		return longest;
	}
}
