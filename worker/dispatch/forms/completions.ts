/** OpenAI's completions of a text. An empty chunk would be a first token here, so there are only comments. */
import { chatCompletions } from "./chat-completions.ts";
import type { StreamForm } from "./form.ts";

const COMMENT = ": waiting for the model\n\n";

export const completions: StreamForm = { ...chatCompletions, opening: () => COMMENT, keepAlive: () => COMMENT };
