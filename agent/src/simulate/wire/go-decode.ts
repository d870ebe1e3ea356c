/** Reads the first JSON value of a body as Go's decoder does, and complains in its words. */

/** A body that Go would refuse; the message is the wire text. */
export class GoSyntaxError extends Error {
	readonly empty: boolean;

	constructor(message: string, empty = false) {
		super(message);
		this.empty = empty;
	}
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly [string, unknown][] = [
	["true", true],
	["false", false],
	["null", null],
];

/** What follows the first value is never looked at. */
export function decodeGoJson(text: string): unknown {
	return new Decoder(text).first();
}

class Decoder {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	first(): unknown {
		this.#skipSpace();
		if (this.#at >= this.#text.length) throw new GoSyntaxError("EOF", true);
		return this.#value();
	}

	#value(): unknown {
		const character = this.#peek();
		if (character === "{") return this.#object();
		if (character === "[") return this.#array();
		if (character === '"') return this.#string();
		if (character === "-" || /\d/.test(character)) return this.#number();
		for (const [word, value] of LITERALS) if (word.startsWith(character)) return this.#literal(word, value);
		throw this.#unexpected("looking for beginning of value");
	}

	#object(): Record<string, unknown> {
		const object: Record<string, unknown> = {};
		this.#at++;
		this.#skipSpace();
		if (this.#peek() === "}") return this.#pass(object);
		for (;;) {
			if (this.#peek() !== '"') throw this.#unexpected("looking for beginning of object key string");
			const key = this.#string();
			this.#skipSpace();
			if (this.#peek() !== ":") throw this.#unexpected("after object key");
			this.#at++;
			this.#skipSpace();
			Object.defineProperty(object, key, { value: this.#value(), enumerable: true, configurable: true, writable: true });
			this.#skipSpace();
			if (this.#peek() === "}") return this.#pass(object);
			if (this.#peek() !== ",") throw this.#unexpected("after object key:value pair");
			this.#at++;
			this.#skipSpace();
		}
	}

	#array(): unknown[] {
		const array: unknown[] = [];
		this.#at++;
		this.#skipSpace();
		if (this.#peek() === "]") return this.#pass(array);
		for (;;) {
			array.push(this.#value());
			this.#skipSpace();
			if (this.#peek() === "]") return this.#pass(array);
			if (this.#peek() !== ",") throw this.#unexpected("after array element");
			this.#at++;
			this.#skipSpace();
		}
	}

	#string(): string {
		const start = this.#at++;
		while (this.#peek() !== '"') {
			if (this.#peek() === "\\") this.#escape();
			else if (this.#peek() < " ") throw this.#unexpected("in string literal");
			this.#at++;
		}
		this.#at++;
		return String(JSON.parse(this.#text.slice(start, this.#at)));
	}

	#escape(): void {
		this.#at++;
		if (!'"\\/bfnrtu'.includes(this.#peek())) throw this.#unexpected("in string escape code");
		if (this.#peek() !== "u") return;
		for (let digit = 0; digit < 4; digit++) {
			this.#at++;
			if (!/[0-9a-fA-F]/.test(this.#peek())) throw this.#unexpected("in \\u hexadecimal character escape");
		}
	}

	#number(): number {
		NUMBER.lastIndex = this.#at;
		const match = NUMBER.exec(this.#text);
		if (!match) {
			this.#at++;
			throw this.#unexpected("in numeric literal");
		}
		this.#at += match[0].length;
		return Number(match[0]);
	}

	#literal(word: string, value: unknown): unknown {
		for (const expected of word) {
			if (this.#peek() !== expected) throw this.#unexpected(`in literal ${word} (expecting ${quote(expected)})`);
			this.#at++;
		}
		return value;
	}

	#pass<T>(value: T): T {
		this.#at++;
		return value;
	}

	#skipSpace(): void {
		SPACE.lastIndex = this.#at;
		SPACE.exec(this.#text);
		this.#at = SPACE.lastIndex;
	}

	#peek(): string {
		const character = this.#text[this.#at];
		if (character === undefined) throw new GoSyntaxError("unexpected EOF");
		return character;
	}

	#unexpected(where: string): GoSyntaxError {
		return new GoSyntaxError(`invalid character ${quote(this.#peek())} ${where}`);
	}
}

/** A character as Go quotes it in errors. */
function quote(character: string): string {
	if (character === "'") return String.raw`'\''`;
	if (character === '"') return "'\"'";
	const escaped = JSON.stringify(character).slice(1, -1);
	return `'${escaped.replace(/^\\u00/, "\\x")}'`;
}
