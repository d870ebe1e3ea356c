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
/** What stands between the two places gives way; changes are in the text's order and do not overlap. */
interface Change {
	readonly from: number;
	readonly to: number;
	readonly by: string;
}

/**
 * Gives the key the value. Missing parents are made, a `null` parent is replaced; a parent of another kind is Ollama's to
 * refuse, and the text stays as it is.
 */
export function setKey(text: string, path: Path, valueJson: string): string {
	const start = rootObject(text);
	return start === undefined ? text : applied(text, setIn(text, { start, depth: 0 }, path, valueJson));
}

/** Takes the key away, wherever it is repeated. The very same text when there is none. */
export function removeKey(text: string, path: Path): string {
	const start = rootObject(text);
	return start === undefined ? text : applied(text, removeIn(text, { start, depth: 0 }, path));
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

function setIn(text: string, place: Place, [key = "", ...rest]: Path, valueJson: string): Change[] {
	const members = membersOf(text, place.start);
	const matches = matching(members, place, key);
	const last = matches.at(-1);
	if (!last) return [insertion(place, members, `${JSON.stringify(key)}:${nested(rest, valueJson)}`)];
	if (rest.length > 0 && isObjectAt(text, last)) return setIn(text, inside(last, place), rest, valueJson);
	if (rest.length > 0 && !isNullAt(text, last)) return [];
	const replaced = { from: last.valueStart, to: last.valueEnd, by: nested(rest, valueJson) };
	return [...removals(members, new Set(matches.slice(0, -1))), replaced];
}

function removeIn(text: string, place: Place, [key = "", ...rest]: Path): Change[] {
	const members = membersOf(text, place.start);
	const matches = matching(members, place, key);
	if (rest.length === 0) return removals(members, new Set(matches));
	return matches.flatMap((member) => (isObjectAt(text, member) ? removeIn(text, inside(member, place), rest) : []));
}

function readIn(text: string, place: Place, [key = "", ...rest]: Path): string | undefined {
	for (const member of matching(membersOf(text, place.start), place, key).toReversed()) {
		if (rest.length === 0) return text.slice(member.valueStart, member.valueEnd);
		if (!isObjectAt(text, member)) return undefined;
		const found = readIn(text, inside(member, place), rest);
		if (found !== undefined) return found;
	}
	return undefined;
}

function matching(members: readonly Member[], { depth }: Place, key: string): Member[] {
	const folded = foldKey(key);
	return members.filter((member) => (depth === 0 ? foldKey(member.key) === folded : member.key === key));
}

function inside(member: Member, { depth }: Place): Place {
	return { start: member.valueStart, depth: depth + 1 };
}

/** The comma behind a member goes with it, behind the last one the comma before. */
function removals(members: readonly Member[], doomed: ReadonlySet<Member>): Change[] {
	const changes: Change[] = [];
	const lastKept = members.findLastIndex((member) => !doomed.has(member));
	for (const [index, member] of members.entries()) {
		const after = members[index + 1];
		if (!doomed.has(member)) continue;
		if (index < lastKept && after) changes.push({ from: member.start, to: after.start, by: "" });
		else
			return [...changes, { from: members[lastKept]?.valueEnd ?? member.start, to: members.at(-1)?.valueEnd ?? member.valueEnd, by: "" }];
	}
	return changes;
}

function insertion({ start }: Place, members: readonly Member[], memberJson: string): Change {
	const last = members.at(-1);
	const at = last?.valueEnd ?? start + 1;
	return { from: at, to: at, by: (last ? "," : "") + memberJson };
}

/** All in one pass: a copy of the text for each would take minutes where a key is repeated thousands of times. */
function applied(text: string, changes: readonly Change[]): string {
	const pieces: string[] = [];
	let done = 0;
	for (const { from, to, by } of changes) {
		pieces.push(text.slice(done, from), by);
		done = to;
	}
	return pieces.join("") + text.slice(done);
}

function nested(path: Path, valueJson: string): string {
	const [key, ...rest] = path;
	return key === undefined ? valueJson : `{${JSON.stringify(key)}:${nested(rest, valueJson)}}`;
}
