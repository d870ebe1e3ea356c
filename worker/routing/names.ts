/** Model names, compared as Ollama compares them (reference/ollama-api.md section 5). Pure. */

const DEFAULT_HOST = "registry.ollama.ai/";
const DEFAULT_NAMESPACE = "library/";

/** The form two spellings of one model share: lower case, default host and namespace cut, tag always there. "" stays "". */
export function canonicalName(name: string): string {
	let rest = name.trim().toLowerCase();
	if (rest.startsWith(DEFAULT_HOST)) rest = rest.slice(DEFAULT_HOST.length);
	if (rest.startsWith(DEFAULT_NAMESPACE)) rest = rest.slice(DEFAULT_NAMESPACE.length);
	if (rest === "") return "";
	return rest.lastIndexOf(":") > rest.lastIndexOf("/") ? rest : `${rest}:latest`;
}

/** Up to `limit` installed names that somebody who typed `wanted` may have meant, nearest first. */
export function nearestNames(wanted: string, installed: readonly string[], limit = 3): string[] {
	const target = canonicalName(wanted);
	return installed
		.map((name) => ({ name, distance: nameDistance(target, canonicalName(name)) }))
		.filter(({ distance }) => distance <= Math.max(3, target.length / 2))
		.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
		.slice(0, limit)
		.map(({ name }) => name);
}

/** Edit distance, nothing for a shared family: `llama3` is nearer to `llama3:8b` than to `llava:7b`. */
function nameDistance(a: string, b: string): number {
	const [familyA = "", familyB = ""] = [a.split(":")[0], b.split(":")[0]];
	if (familyA === familyB) return 0;
	return editDistance(familyA, familyB);
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
