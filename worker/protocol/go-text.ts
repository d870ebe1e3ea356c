/** JSON as Go's encoder writes it: safe inside HTML. Pure. */

const ESCAPED: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };

export function goText(value: unknown): string {
	return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}
