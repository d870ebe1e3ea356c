/** Ollama's own streams: one JSON object a line. */
import { errorBody } from "../../errors.ts";
import type { StreamForm } from "./form.ts";

/** A leading blank of the line to come. Whole lines of blanks, comments and other objects break clients (reference/clients.md 3). */
const BLANK = " ";

export const ndjson: StreamForm = {
	contentType: "application/x-ndjson",
	opening: () => BLANK,
	keepAlive: () => BLANK,
	/** An empty line breaks clients too, so a line is ended only when one was begun. */
	error(refusal, { tail }) {
		const isInLine = tail.slice(tail.lastIndexOf("\n") + 1).trim() !== "";
		return `${isInLine ? "\n" : ""}${errorBody("ollama", refusal)}\n`;
	},
	cutAfterError: true,
	// The guard against repetition ends a lawful answer without its last line (golden/BEHAVIOUR.md k), and errors have a line of their own
	saysItIsWhole: false,
};
