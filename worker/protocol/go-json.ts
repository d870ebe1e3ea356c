/**
 * JSON read as Go's decoder reads it: only the first value counts, and errors carry Go's words, since Ollama's clients know
 * those. Pure.
 */

export type GoJson = { ok: true; value: unknown } | { ok: false; error: string };

const LITERALS = ["true", "false", "null"];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class SyntaxProblem extends Error {}

/** The first JSON value of `text`; `EOF` for a text without any. */
export function readFirstValue(text: string): GoJson {
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch {
		return scanFirstValue(text);
	}
}

function scanFirstValue(text: string): GoJson {
	try {
		const start = skipSpace(text, 0);
		if (start >= text.length) return { ok: false, error: "EOF" };
		const end = valueEnd(text, start, "looking for beginning of value");
		return { ok: true, value: JSON.parse(text.slice(start, end)) };
	} catch (error) {
		return { ok: false, error: error instanceof SyntaxProblem ? error.message : "unexpected EOF" };
	}
}

function valueEnd(text: string, at: number, where: string): number {
	const character = text[at];
	if (character === undefined) throw new SyntaxProblem("unexpected EOF");
	if (character === "{") return objectEnd(text, at);
	if (character === "[") return arrayEnd(text, at);
	if (character === '"') return stringEnd(text, at);
	return scalarEnd(text, at, where);
}

function objectEnd(text: string, start: number): number {
	let at = skipSpace(text, start + 1);
	if (text[at] === "}") return at + 1;
	for (;;) {
		if (text[at] !== '"') fail(text, at, "looking for beginning of object key string");
		at = skipSpace(text, stringEnd(text, at));
		if (text[at] !== ":") fail(text, at, "after object key");
		at = skipSpace(text, valueEnd(text, skipSpace(text, at + 1), "looking for beginning of value"));
		if (text[at] === "}") return at + 1;
		if (text[at] !== ",") fail(text, at, "after object key:value pair");
		at = skipSpace(text, at + 1);
	}
}

function arrayEnd(text: string, start: number): number {
	let at = skipSpace(text, start + 1);
	if (text[at] === "]") return at + 1;
	for (;;) {
		at = skipSpace(text, valueEnd(text, at, "looking for beginning of value"));
		if (text[at] === "]") return at + 1;
		if (text[at] !== ",") fail(text, at, "after array element");
		at = skipSpace(text, at + 1);
	}
}

function stringEnd(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		const character = text[at] ?? "";
		if (character === '"') return at + 1;
		if (character < " ") fail(text, at, "in string literal");
		if (character === "\\") at++;
	}
	throw new SyntaxProblem("unexpected EOF");
}

function scalarEnd(text: string, at: number, where: string): number {
	NUMBER.lastIndex = at;
	const number = NUMBER.exec(text);
	if (number) return at + number[0].length;
	const literal = LITERALS.find((word) => word[0] === text[at]);
	if (!literal) return fail(text, at, where);
	for (let offset = 1; offset < literal.length; offset++) {
		if (text[at + offset] !== literal[offset]) fail(text, at + offset, `in literal ${literal} (expecting '${literal[offset]}')`);
	}
	return at + literal.length;
}

function fail(text: string, at: number, where: string): never {
	const character = text[at];
	if (character === undefined) throw new SyntaxProblem("unexpected EOF");
	throw new SyntaxProblem(`invalid character ${quoted(character)} ${where}`);
}

/** Go quotes a rune with its own escapes. */
function quoted(character: string): string {
	const escapes: Record<string, string> = { "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
	return `'${escapes[character] ?? character}'`;
}

function skipSpace(text: string, at: number): number {
	let next = at;
	while (next < text.length && " \t\r\n".includes(text[next] ?? "")) next++;
	return next;
}
