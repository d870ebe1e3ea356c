/** Replaces a text in what comes piece by piece. Works on bytes as Latin-1 text, so that no character is ever split or changed. Pure. */
export class Replacing {
	readonly #from: string;
	readonly #to: string;
	#rest = "";

	constructor(from: string, to: string) {
		this.#from = from;
		this.#to = to;
	}

	/** What can be passed on; the end is held back while it may be the beginning of a match. */
	add(piece: string): string {
		const text = (this.#rest + piece).replaceAll(this.#from, () => this.#to);
		const held = overlap(text, this.#from);
		this.#rest = text.slice(text.length - held);
		return text.slice(0, text.length - held);
	}

	/** What was held back when nothing more comes. */
	end(): string {
		return this.#rest;
	}
}

/** How many characters at the end of `text` may be the beginning of `wanted`. */
function overlap(text: string, wanted: string): number {
	for (let length = Math.min(wanted.length - 1, text.length); length > 0; length--)
		if (wanted.startsWith(text.slice(-length))) return length;
	return 0;
}
