/** The headers of an answer: the node's own, then ours, true for the attempt that answered. Pure. */
import type { Granted } from "../fleet/grant.ts";
import { canonicalName } from "../routing/names.ts";
import type { ParsedRequest } from "./parse-request.ts";

interface Served {
	readonly request: ParsedRequest;
	readonly grant: Granted;
	readonly retries: number;
	readonly queueMs: number;
}

export function answerHeaders(upstream: Headers, { request, grant, retries, queueMs }: Served): Headers {
	const headers = new Headers(upstream);
	const requested = canonicalName(request.model);
	const ours = {
		"x-request-id": request.id,
		"x-fleet-node": grant.nodeId,
		"x-fleet-served-model": grant.model,
		"x-fleet-requested-model": requested,
		"x-fleet-fallback": String(grant.model !== requested),
		"x-fleet-score": String(Math.trunc(grant.breakdown.total)),
		"x-fleet-retries": String(retries),
		"x-fleet-affinity": "new",
		"x-fleet-backend": "ollama",
		"x-fleet-reason": grant.reason,
		"x-fleet-queue-ms": String(Math.round(queueMs)),
	};
	for (const [name, value] of Object.entries(ours)) headers.set(name, value);
	return headers;
}
