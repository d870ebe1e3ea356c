/** The headers of an answer: the node's own, then ours, true for the attempt that answered. Pure. */
import type { Granted } from "../fleet/grant.ts";
import { canonicalName } from "../routing/names.ts";
import { rewroteHeader } from "../rewrite/rewrite.ts";
import type { BodyFor } from "./body-for.ts";
import type { ParsedRequest } from "./parse-request.ts";

interface Served {
	readonly sent: BodyFor;
	readonly request: ParsedRequest;
	readonly grant: Granted;
	readonly retries: number;
	readonly queueMs: number;
}

/** `matched`: it goes on with what the node has read; `prefix`: it shares a beginning, such as a system prompt. */
function affinityOf({ knownTokens }: Granted, { promptTokens }: ParsedRequest): "matched" | "prefix" | "new" {
	if (knownTokens <= 0) return "new";
	return 2 * knownTokens >= promptTokens ? "matched" : "prefix";
}

export function answerHeaders(upstream: Headers, { request, grant, sent, retries, queueMs }: Served): Headers {
	const headers = new Headers(upstream);
	const requested = canonicalName(request.model);
	const ours = {
		"X-Request-Id": request.id,
		"X-Fleet-Node": grant.nodeId,
		"X-Fleet-Served-Model": grant.model,
		"X-Fleet-Requested-Model": requested,
		"X-Fleet-Fallback": String(grant.model !== requested),
		"X-Fleet-Score": String(Math.trunc(grant.breakdown.total)),
		"X-Fleet-Retries": String(retries),
		"X-Fleet-Affinity": affinityOf(grant, request),
		"X-Fleet-Backend": "ollama",
		"X-Fleet-Reason": grant.reason,
		"X-Fleet-Queue-Ms": String(Math.round(queueMs)),
	};
	for (const [name, value] of Object.entries(ours)) headers.set(name, rewroteHeader([value]));
	if (sent.rewrote.length > 0) headers.set("X-Fleet-Rewrote", rewroteHeader(sent.rewrote));
	if (sent.overflow !== undefined) headers.set("X-Fleet-Context-Overflow", sent.overflow);
	const notes = [...sent.warnings, ...sent.reloading.map((option) => `${option} may reload the model`)];
	if (notes.length > 0) headers.set("X-Fleet-Warning", rewroteHeader(notes));
	return headers;
}
