/** The body that leaves for the chosen node: the client's own bytes, but for what the router may rewrite (DESIGN section 6). */
import type { Granted } from "../fleet/grant.ts";
import { fromLatin1, latin1 } from "../protocol/latin1.ts";
import { rewriteBody, type Rewritten, type RewriteSettings } from "../rewrite/rewrite.ts";
import type { Outgoing } from "./forward.ts";
import type { ParsedRequest } from "./parse-request.ts";

export type BodyFor = Pick<Rewritten, "rewrote" | "warnings" | "reloading" | "overflow"> & {
	readonly body: Uint8Array<ArrayBuffer>;
	/** The context it asks for, on Ollama's own routes. */
	readonly numCtx: number | undefined;
	/** A compressed body that was changed leaves uncompressed. */
	readonly decompressed: boolean;
};

/** What TextDecoder makes of bytes that are no UTF-8. */
const BROKEN = "\u{fffd}";

export function bodyFor(request: ParsedRequest, granted: Granted, settings: RewriteSettings): BodyFor {
	const { body, decoded, text, numCtx } = request;
	if (!decoded) return { body, numCtx, decompressed: false, rewrote: [], warnings: [], reloading: [], overflow: undefined };
	const result = rewritten(request, text, { granted, settings });
	const { rewrote, warnings, reloading, overflow } = result;
	const named = { rewrote, warnings, reloading, overflow, numCtx: result.numCtx ?? numCtx };
	if (result.text === text) return { body, decompressed: false, ...named };
	if (!text.includes(BROKEN)) return { body: new Uint8Array(new TextEncoder().encode(result.text)), decompressed: true, ...named };
	const bytewise = rewritten(request, latin1(decoded), { granted, settings });
	return { body: fromLatin1(bytewise.text), decompressed: true, ...named };
}

function rewritten(
	{ path, model, promptTokens }: ParsedRequest,
	text: string,
	{ granted, settings }: { granted: Granted; settings: RewriteSettings },
): Rewritten {
	const { facts: served, because: servedBecause } = granted;
	return rewriteBody({ text, path, requestedModel: model, served, servedBecause, promptTokens, settings });
}

/** The request with that body. */
export function withBody(outgoing: Outgoing, { body, decompressed }: BodyFor): Outgoing {
	if (!decompressed) return { ...outgoing, body };
	const headers = new Headers(outgoing.headers);
	headers.delete("content-encoding");
	return { ...outgoing, headers, body };
}
