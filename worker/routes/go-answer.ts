/** JSON as Ollama's own server writes it: HTML-escaped, with its content type. */

const ESCAPED: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };

export function goJson(value: unknown): Response {
	const text = JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
	return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
}
