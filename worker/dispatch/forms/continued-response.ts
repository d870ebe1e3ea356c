/**
 * A node's stream of response events made to go on with one that was opened before: without its own `response.created`, and
 * under the id that the client knows. (Measured: OpenAI's own client ends with an error when the id changes on the way.)
 */
import { fromLatin1, latin1 } from "../../protocol/latin1.ts";
import { Replacing } from "../replacing.ts";

const EVENT_END = "\n\n";

export function continuedResponse(id: string): TransformStream<Uint8Array, Uint8Array> {
	let replacing: Replacing | undefined;
	let begun = "";
	return new TransformStream({
		transform(chunk, controller) {
			let text = latin1(chunk);
			if (!replacing) {
				begun += text;
				const end = begun.indexOf(EVENT_END);
				if (end === -1) return;
				[replacing, text] = begin(begun, end + EVENT_END.length, id);
			}
			const passed = replacing.add(text);
			if (passed !== "") controller.enqueue(fromLatin1(passed));
		},
		flush(controller) {
			const rest = replacing ? replacing.end() : begun;
			if (rest !== "") controller.enqueue(fromLatin1(rest));
		},
	});
}

/** The first event names the response; inside a JSON string its quotes would be escaped. */
function begin(text: string, firstEnds: number, id: string): [Replacing, string] {
	const first = text.slice(0, firstEnds);
	const given = /"id":"(resp_[^"]+)"/.exec(first)?.[1] ?? id;
	const rest = first.includes('"type":"response.created"') ? text.slice(firstEnds) : text;
	return [new Replacing(`"id":"${given}"`, `"id":"${id}"`), rest];
}
