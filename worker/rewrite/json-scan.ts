/** Finds the members of an object inside a JSON text without building anything from it. Pure. */

/** One `key: value` of an object; the numbers are places in the text. `key` is decoded. */
export interface Member {
	readonly key: string;
	/** Of the key's opening quote. */
	readonly start: number;
	readonly valueStart: number;
	readonly valueEnd: number;
}

const SPACE = " \t\r\n";
const STRUCTURE = /["{}[\]]/g;
const SCALAR_END = /[,\]}\s]|$/g;
const BACKSLASH = "\\";

/** Where the text's first value begins, when that is an object. */
export function rootObject(text: string): number | undefined {
	const start = skipSpace(text, 0);
	return text[start] === "{" ? start : undefined;
}

/** The members of the object that begins at `start`, in their order. The text must be one that `readFirstValue` takes. */
export function membersOf(text: string, start: number): Member[] {
	const members: Member[] = [];
	let at = skipSpace(text, start + 1);
	while (text[at] === '"') {
		const member = memberAt(text, at);
		members.push(member);
		at = skipSpace(text, member.valueEnd);
		if (text[at] === ",") at = skipSpace(text, at + 1);
	}
	return members;
}

export function isObjectAt(text: string, { valueStart }: Member): boolean {
	return text[valueStart] === "{";
}

export function isNullAt(text: string, { valueStart }: Member): boolean {
	return text[valueStart] === "n";
}

function memberAt(text: string, start: number): Member {
	const keyEnd = stringEnd(text, start);
	const key = String(JSON.parse(text.slice(start, keyEnd)));
	const colon = skipSpace(text, keyEnd);
	const valueStart = skipSpace(text, colon + 1);
	return { key, start, valueStart, valueEnd: valueEnd(text, valueStart) };
}

function valueEnd(text: string, start: number): number {
	const first = text[start] ?? "";
	if (first === '"') return stringEnd(text, start);
	if (first === "{" || first === "[") return containerEnd(text, start);
	SCALAR_END.lastIndex = start;
	return SCALAR_END.exec(text)?.index ?? text.length;
}

/** Counts brackets outside of strings; a search per string keeps megabytes of image data cheap. */
function containerEnd(text: string, start: number): number {
	let depth = 0;
	let at = start;
	for (;;) {
		STRUCTURE.lastIndex = at;
		const found = STRUCTURE.exec(text);
		if (!found) return text.length;
		at = found[0] === '"' ? stringEnd(text, found.index) : found.index + 1;
		if (found[0] === "{" || found[0] === "[") depth++;
		if (found[0] === "}" || found[0] === "]") depth--;
		if (depth === 0) return at;
	}
}

function stringEnd(text: string, start: number): number {
	let quote = text.indexOf('"', start + 1);
	while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
	return quote === -1 ? text.length : quote + 1;
}

/** A quote behind an odd number of backslashes belongs to the string. */
function isEscaped(text: string, quote: number): boolean {
	let before = quote;
	while (text[before - 1] === BACKSLASH) before--;
	return (quote - before) % 2 === 1;
}

function skipSpace(text: string, at: number): number {
	let next = at;
	while (next < text.length && SPACE.includes(text[next] ?? "")) next++;
	return next;
}
