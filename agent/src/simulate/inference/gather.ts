/** A whole answer from its events, for those who did not ask for a stream. */
import type { ToolCall } from "./answer.ts";
import type { InferenceEvent } from "./inference.ts";

export interface Gathered {
	content: string;
	thinking: string;
	calls: ToolCall[];
	/** Tokens as the model made them. */
	tokens: string[];
	/** Absent when the stream ended without its last line. */
	done?: Extract<InferenceEvent, { kind: "done" }>;
	error?: string;
}

export async function gather(events: AsyncIterable<InferenceEvent>): Promise<Gathered> {
	const gathered: Gathered = { content: "", thinking: "", calls: [], tokens: [] };
	for await (const event of events) {
		if (event.kind === "error") return { ...gathered, error: event.text };
		if (event.kind === "done") gathered.done = event;
		if (event.kind !== "piece") continue;
		if (event.piece.kind === "content") gathered.content += event.piece.text;
		if (event.piece.kind === "thinking") gathered.thinking += event.piece.text;
		if (event.piece.kind === "tool-call") gathered.calls.push(event.piece.call);
		if (event.token !== "") gathered.tokens.push(event.token);
	}
	return gathered;
}
