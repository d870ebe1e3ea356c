/** Anthropic's messages. */
import { errorBody } from "../../errors.ts";
import { newEvent, sseComment, type StreamForm } from "./form.ts";

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

export const messages: StreamForm = {
	contentType: "text/event-stream",
	opening: () => PING,
	keepAlive: () => PING,
	comment: sseComment,
	error: (refusal, passed) => `${newEvent(passed)}event: error\ndata: ${errorBody("anthropic", refusal).trim()}\n\n`,
	cutAfterError: false,
	saysItIsWhole: true,
};
