/** OpenAI's completions of a text. An empty chunk would be a first token here, so there are only comments. */
import { chatCompletions } from "./chat-completions.ts";
import { sseComment, type StreamForm } from "./form.ts";

const COMMENT = sseComment("waiting for the model");

export const completions: StreamForm = { ...chatCompletions, opening: () => COMMENT, keepAlive: () => COMMENT };
