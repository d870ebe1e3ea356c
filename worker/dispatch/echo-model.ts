/**
 * Ollama's answers repeat the model's name as it was sent. Where the router sent another name than the client did, the answer
 * gets the client's back. Inside a JSON string every quote is escaped, so the bytes `"model":"NAME"` stand only where they are
 * the key and its value, and a plain replacement is safe.
 */

import { fromLatin1, latin1 } from "../protocol/latin1.ts";
import { Replacing } from "./replacing.ts";

export function echoModel(served: string, requested: string): TransformStream<Uint8Array, Uint8Array> {
	const replacing = new Replacing(keyed(served), keyed(requested));
	return new TransformStream({
		transform(chunk, controller) {
			const text = replacing.add(latin1(chunk));
			if (text !== "") controller.enqueue(fromLatin1(text));
		},
		flush(controller) {
			const rest = replacing.end();
			if (rest !== "") controller.enqueue(fromLatin1(rest));
		},
	});
}

/** The key and value as Ollama writes them, as Latin-1 text of their UTF-8 bytes. */
function keyed(model: string): string {
	return latin1(new TextEncoder().encode(`"model":${JSON.stringify(model)}`));
}
