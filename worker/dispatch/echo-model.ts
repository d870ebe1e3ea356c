/**
 * Ollama's answers repeat the model's name as it was sent. Where the router sent another name than the client did, the answer
 * gets the client's back. Inside a JSON string every quote is escaped, so the bytes `"model":"NAME"` stand only where they are
 * the key and its value, and a plain replacement is safe.
 */

import { fromLatin1, latin1 } from "../protocol/latin1.ts";

/** Works on bytes as Latin-1 text, so that no character is ever split or changed. */
export function echoModel(served: string, requested: string): TransformStream<Uint8Array, Uint8Array> {
	const [from, to] = [keyed(served), keyed(requested)];
	let rest = "";
	return new TransformStream({
		transform(chunk, controller) {
			const text = (rest + latin1(chunk)).replaceAll(from, to);
			const held = overlap(text, from);
			rest = text.slice(text.length - held);
			if (held < text.length) controller.enqueue(fromLatin1(text.slice(0, text.length - held)));
		},
		flush(controller) {
			if (rest !== "") controller.enqueue(fromLatin1(rest));
		},
	});
}

/** The key and value as Ollama writes them, as Latin-1 text of their UTF-8 bytes. */
function keyed(model: string): string {
	return latin1(new TextEncoder().encode(`"model":${JSON.stringify(model)}`));
}

/** How many characters at the end of `text` may be the beginning of `wanted`. */
function overlap(text: string, wanted: string): number {
	for (let length = Math.min(wanted.length - 1, text.length); length > 0; length--)
		if (wanted.startsWith(text.slice(-length))) return length;
	return 0;
}
