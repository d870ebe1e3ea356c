import { HeartbeatReplySchema } from "../../../worker/protocol/heartbeat.ts";
import type { HeartbeatReply } from "../../../worker/protocol/heartbeat.ts";
import { jsonOf } from "../json.ts";
import type { RouterAnswer } from "./router-client.ts";

/** What became of one beat. */
export type BeatOutcome =
	| { kind: "accepted"; reply: HeartbeatReply }
	/** The router no longer knows our secret. */
	| { kind: "secret-refused" }
	/** Another machine has this name. */
	| { kind: "name-taken"; text: string }
	| { kind: "refused"; text: string }
	| { kind: "away"; reason: string };

const NO_ROUTER: BeatOutcome = { kind: "away", reason: "what answers there is not a router: is --router-url right?" };
/** Long enough for a router's whole sentence, short enough for a terminal. */
const MAX_TEXT_CHARACTERS = 500;

/** What an answer means; pure. */
export function judge({ status, text }: RouterAnswer, hadSecret: boolean): BeatOutcome {
	if (status >= 500) return { kind: "away", reason: `it answered ${status}: ${errorText(text)}` };
	if (status === 200) return accepted(text);
	if (status === 401 && hadSecret) return { kind: "secret-refused" };
	if (status === 404) return NO_ROUTER;
	if (status === 409) return { kind: "name-taken", text: errorText(text) };
	return { kind: "refused", text: `${errorText(text)} (${status})` };
}

function accepted(text: string): BeatOutcome {
	const reply = HeartbeatReplySchema.safeParse(jsonOf(text));
	if (reply.success) return { kind: "accepted", reply: reply.data };
	return NO_ROUTER;
}

/** A person reads it on a terminal: the error of an `{"error"}` body, without control characters. */
function errorText(text: string): string {
	const parsed = jsonOf(text);
	const error = typeof parsed === "object" && parsed !== null && "error" in parsed ? parsed.error : undefined;
	return printable(typeof error === "string" ? error : text);
}

/** What another program sent, made safe for a terminal: control characters could move its cursor or change its title. */
export function printable(text: string): string {
	return text
		.replace(/\p{Cc}+/gu, " ")
		.trim()
		.slice(0, MAX_TEXT_CHARACTERS);
}
