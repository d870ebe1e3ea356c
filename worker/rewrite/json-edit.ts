/**
 * Edits a JSON text by key: only the touched key changes, every other character stays as the client wrote it, what follows the
 * first value too. Keys match as in Ollama's decoder: at the top, fields of a Go struct, letter case does not matter; deeper
 * (`options`), keys of a map, they must be equal. Of a repeated key the last counts, and two `options` objects are merged. Pure.
 */
import { isNullAt, isObjectAt, type Member, membersOf, rootObject } from "./json-scan.ts";

type Path = readonly string[];
/** An object in the text. At depth 0, letter case does not matter. */
interface Place {
	readonly start: number;
	readonly depth: number;
}

/**
 * Gives the key the value. Missing parents are made, a `null` parent is replaced; a parent of another kind is Ollama's to
 * refuse, and the text stays as it is.
 */
export function setKey(text: string, path: Path, valueJson: string): string {
	const start = rootObject(text);
	return start === undefined ? text : setIn(text, { start, depth: 0 }, path, valueJson);
}

/** Takes the key away, wherever it is repeated. The very same text when there is none. */
export function removeKey(text: string, path: Path): string {
	const start = rootObject(text);
	return start === undefined ? text : removeIn(text, { start, depth: 0 }, path);
}

/** The JSON text of the value that Ollama will read at the path. */
export function readKey(text: string, path: Path): string | undefined {
	const start = rootObject(text);
	return start === undefined ? undefined : readIn(text, { start, depth: 0 }, path);
}

/** Go folds two letters outside ASCII into it: the long s and the Kelvin sign. */
export function foldKey(key: string): string {
	return key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

function setIn(text: string, place: Place, [key = "", ...rest]: Path, valueJson: string): string {
	const matches = matching(text, place, key);
	const last = matches.at(-1);
	if (!last) return insertMember(text, place.start, `${JSON.stringify(key)}:${nested(rest, valueJson)}`);
	if (rest.length > 0 && isObjectAt(text, last)) return setIn(text, inside(last, place), rest, valueJson);
	if (rest.length > 0 && !isNullAt(text, last)) return text;
	if (matches.length > 1) return setIn(removeFirst(text, place, key), place, [key, ...rest], valueJson);
	return text.slice(0, last.valueStart) + nested(rest, valueJson) + text.slice(last.valueEnd);
}

function removeIn(text: string, place: Place, [key = "", ...rest]: Path): string {
	let edited = text;
	if (rest.length === 0) {
		while (matching(edited, place, key).length > 0) edited = removeFirst(edited, place, key);
		return edited;
	}
	// From the back, so that the places of those before stay true.
	for (const member of matching(text, place, key).toReversed())
		if (isObjectAt(text, member)) edited = removeIn(edited, inside(member, place), rest);
	return edited;
}

function readIn(text: string, place: Place, [key = "", ...rest]: Path): string | undefined {
	for (const member of matching(text, place, key).toReversed()) {
		if (rest.length === 0) return text.slice(member.valueStart, member.valueEnd);
		if (!isObjectAt(text, member)) return undefined;
		const found = readIn(text, inside(member, place), rest);
		if (found !== undefined) return found;
	}
	return undefined;
}

function matching(text: string, { start, depth }: Place, key: string): Member[] {
	return membersOf(text, start).filter((member) => (depth === 0 ? foldKey(member.key) === foldKey(key) : member.key === key));
}

function inside(member: Member, { depth }: Place): Place {
	return { start: member.valueStart, depth: depth + 1 };
}

/** The comma behind the member goes with it, behind the last one the comma before. */
function removeFirst(text: string, place: Place, key: string): string {
	const members = membersOf(text, place.start);
	const first = matching(text, place, key)[0];
	const index = members.findIndex(({ start }) => start === first?.start);
	const [before, member, after] = [members[index - 1], members[index], members[index + 1]];
	if (!member) return text;
	if (after) return text.slice(0, member.start) + text.slice(after.start);
	return text.slice(0, before?.valueEnd ?? member.start) + text.slice(member.valueEnd);
}

function insertMember(text: string, objectStart: number, memberJson: string): string {
	const last = membersOf(text, objectStart).at(-1);
	const at = last?.valueEnd ?? objectStart + 1;
	return text.slice(0, at) + (last ? "," : "") + memberJson + text.slice(at);
}

function nested(path: Path, valueJson: string): string {
	const [key, ...rest] = path;
	return key === undefined ? valueJson : `{${JSON.stringify(key)}:${nested(rest, valueJson)}}`;
}
