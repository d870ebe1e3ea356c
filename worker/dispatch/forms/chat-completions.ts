/** OpenAI's chat. */
import { errorBody } from "../../errors.ts";
import { type About, newEvent, sseComment, type StreamForm } from "./form.ts";

const COMMENT = sseComment("waiting for the model");
const MS_PER_SECOND = 1000;

export const chatCompletions: StreamForm = {
	contentType: "text/event-stream",
	opening: (about) => COMMENT + emptyDelta(about),
	/** Comments do not reset the timers of clients that count chunks. */
	keepAlive: (about, isMinute) => (isMinute ? emptyDelta(about) : COMMENT),
	comment: sseComment,
	error: (refusal, passed) => `${newEvent(passed)}data: ${errorBody("openai", refusal).trim()}\n\n`,
	cutAfterError: false,
	saysItIsWhole: true,
};

function emptyDelta({ id, model, at }: About): string {
	const choice = { index: 0, delta: { role: "assistant", content: "" }, finish_reason: null };
	const chunk = {
		id: `chatcmpl-${id}`,
		object: "chat.completion.chunk",
		created: Math.floor(at / MS_PER_SECOND),
		model,
		system_fingerprint: "fp_ollama",
		choices: [choice],
	};
	return `data: ${JSON.stringify(chunk)}\n\n`;
}
