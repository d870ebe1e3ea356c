/** What the page says about its own connection to the router. Pure. */
import type { Failure } from "../answer.ts";
import { span } from "../format.ts";

/** One missed answer is no news; this long without one is. */
const LOST_AFTER_MS = 5000;

/** A sentence for the banner, or nothing while all is well. */
export function lostWords(failure: Failure | undefined, goodAt: number | undefined, now: number): string | undefined {
	if (!failure) return undefined;
	if (failure.kind === "refused" && failure.status === 401)
		return "This router asks for a key. Open the link that herd prints when it starts.";
	if (goodAt === undefined) return `${causeWords(failure)} Trying again.`;
	const silentMs = now - goodAt;
	if (silentMs < LOST_AFTER_MS) return undefined;
	return `${causeWords(failure)} This is how things stood ${span(silentMs)} ago. Trying again.`;
}

function causeWords(failure: Failure): string {
	switch (failure.kind) {
		case "unreachable":
			return "The router does not answer.";
		case "unreadable":
			return "The router answered something this page can't read; reloading it may help.";
		case "refused":
			return failure.message
				? `The router refused: ${failure.message.replace(/\.?$/, ".")}`
				: `The router answered with error ${failure.status}.`;
	}
}
