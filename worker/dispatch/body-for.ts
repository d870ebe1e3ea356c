/** The body that leaves for the chosen node: the client's own bytes, but for what the router may rewrite (DESIGN section 6). */
import type { Granted } from "../fleet/grant.ts";
import { fromLatin1, latin1 } from "../protocol/latin1.ts";
import { rewriteBody, type Rewritten, type RewriteSettings } from "../rewrite/rewrite.ts";
import type { ParsedRequest } from "./parse-request.ts";

export type BodyFor = Pick<Rewritten, "rewrote" | "warnings" | "reloading" | "overflow"> & {
	readonly body: Uint8Array<ArrayBuffer>;
	/** The context it asks for, on Ollama's own routes. */
	readonly numCtx: number | undefined;
	/** A compressed body that was changed leaves uncompressed. */
	readonly decompressed: boolean;
};

export function bodyFor(request: ParsedRequest, { facts, because }: Granted, settings: RewriteSettings): BodyFor {
	const { body, decoded, path, model, promptTokens, numCtx } = request;
	if (!decoded) return { body, numCtx, decompressed: false, rewrote: [], warnings: [], reloading: [], overflow: undefined };
	const text = latin1(decoded);
	const result = rewriteBody({ text, path, requestedModel: model, served: facts, servedBecause: because, promptTokens, settings });
	const { rewrote, warnings, reloading, overflow } = result;
	const named = { rewrote, warnings, reloading, overflow, numCtx: result.numCtx ?? numCtx };
	if (result.text === text) return { body, decompressed: false, ...named };
	return { body: fromLatin1(result.text), decompressed: true, ...named };
}
