/** Model names, compared as Ollama compares them (reference/ollama-api.md section 5). Pure. */

const DEFAULT_HOST = "registry.ollama.ai/";
const DEFAULT_NAMESPACE = "library/";
/** Ollama takes no longer host, and no other part of a name above 80; an edit distance over megabytes would stop the router. */
const MAX_GUESSED_CHARACTERS = 350;

/** The form two spellings of one model share: lower case, default host and namespace cut, tag always there. "" stays "". */
export function canonicalName(name: string): string {
	let rest = name.trim().toLowerCase();
	if (rest.startsWith(DEFAULT_HOST)) rest = rest.slice(DEFAULT_HOST.length);
	if (rest.startsWith(DEFAULT_NAMESPACE)) rest = rest.slice(DEFAULT_NAMESPACE.length);
	if (rest === "") return "";
	return withTag(rest);
}

/** The name as it is written, with the tag that a missing one means. */
export function withTag(name: string): string {
	return name.lastIndexOf(":") > name.lastIndexOf("/") ? name : `${name}:latest`;
}

/** Up to `limit` installed names that somebody who typed `wanted` may have meant, nearest first. */
export function nearestNames(wanted: string, installed: readonly string[], limit = 3): string[] {
	if (wanted.length > MAX_GUESSED_CHARACTERS) return [];
	const family = familyOf(wanted);
	return installed
		.map((name) => ({ name, distance: editDistance(family, familyOf(name)) }))
		.filter(({ distance }) => distance <= family.length / 3)
		.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
		.slice(0, limit)
		.map(({ name }) => name);
}

/** The name without its tag: a typing error in a tag still names the family. */
function familyOf(name: string): string {
	return canonicalName(name).replace(/:[^:/]*$/, "");
}

/** Levenshtein, one row at a time. */
export function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
