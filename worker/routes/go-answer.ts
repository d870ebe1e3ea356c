import { goText } from "../protocol/go-text.ts";

/** A JSON answer as Ollama's own server gives it. */
export function goJson(value: unknown, status = 200): Response {
	return new Response(goText(value), { status, headers: { "content-type": "application/json; charset=utf-8" } });
}
