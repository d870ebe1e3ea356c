/** Where the router answers a hostile request otherwise than the node would, and why. What is not here is a bug. */
import { type Compared } from "./compare.ts";
import { errorText } from "./send.ts";

interface Difference {
	readonly is: (compared: Compared) => boolean;
	readonly because: string;
}

/** Of a node's 5xx; see `worker/dispatch/classify.ts`. */
const RELAYED_ERROR_CHARACTERS = 65_536;
const BLIND = /^model '.*' cannot see images: ask one with the capability "vision"$/s;
/** The routes and dialects in which an image can be meant (a field of that name elsewhere means nothing). */
const IMAGE_PART = /"(?:image_url|image|input_image)"/;

const DIFFERENCES: readonly Difference[] = [
	{
		is: ({ request, routed }) => BLIND.test(errorText(routed) ?? "") && meansImages(request.path, request.body),
		because: "an image is never sent to a model that can't see it, so the rest of the request is not looked at",
	},
	{
		is: ({ direct, routed }) =>
			direct !== undefined &&
			direct.status >= 500 &&
			routed.status === direct.status &&
			direct.body.startsWith(routed.body) &&
			routed.body.length === RELAYED_ERROR_CHARACTERS,
		because: "a node's error is kept in memory until no other node can help, so only its beginning is",
	},
];

export function lawfulBecause(compared: Compared): string | undefined {
	return DIFFERENCES.find(({ is }) => is(compared))?.because;
}

function meansImages(path: string, body: Buffer): boolean {
	const text = body.toString();
	if (path === "/api/generate") return true;
	if (path === "/api/chat") return imagesOfMessages(text);
	return IMAGE_PART.test(text);
}

function imagesOfMessages(text: string): boolean {
	try {
		const { messages } = JSON.parse(text) as { messages?: { images?: unknown }[] };
		return Array.isArray(messages) && messages.some((message) => message?.images !== undefined);
	} catch {
		return false;
	}
}
