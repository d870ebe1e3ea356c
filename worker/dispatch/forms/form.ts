/** What a streaming API can say of its own accord: that an answer is on its way, and that there will be none. Pure. */
import type { Refusal } from "../../errors.ts";

/** The request an answer belongs to, and the moment: epoch milliseconds. */
export interface About {
	readonly id: string;
	readonly model: string;
	readonly at: number;
}

export function aboutOf({ id, model }: Omit<About, "at">, at: number): About {
	return { id, model, at };
}

/** What went before on the connection, as far as it is known. */
export interface Passed {
	/** The first and the last bytes of the body; "" when nothing was sent. */
	readonly head: string;
	readonly tail: string;
}

export interface StreamForm {
	readonly contentType: string;
	/** Opens an answer whose first token is not there yet. */
	opening(about: About): string;
	/** Sent every now and then until it is. `isMinute`: once a minute, for clients that count only what they can parse. */
	keepAlive(about: About, isMinute: boolean): string;
	/** What clients pass over and people may read; absent where a line has no room for it. One line, without control characters. */
	comment?(text: string): string;
	/** The error in the form that makes this API's clients raise with its text. */
	error(refusal: Refusal, passed: Passed, about: About): string;
	/** An error is heard by all clients only if the connection is cut behind it. */
	readonly cutAfterError: boolean;
	/** A whole answer says so at its end: one that just ends is broken, and its clients would not notice. */
	readonly saysItIsWhole: boolean;
	/** Makes a node's answer go on with an `opening`, where it can't as it is. */
	continued?(about: About): TransformStream<Uint8Array, Uint8Array>;
}

export function sseComment(text: string): string {
	return `: ${text}\n\n`;
}

/** Behind whatever was sent an event may begin. Blank lines between events mean nothing. */
export function newEvent({ tail }: Passed): string {
	return tail === "" || tail.endsWith("\n\n") ? "" : "\n\n";
}
