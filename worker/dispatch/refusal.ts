/** What a client is told when no node answers: what was asked, why not, and what to do. Pure. */
import { errorResponse } from "../errors.ts";
import type { PullProgress } from "../fleet/auto-pull/while-pulled.ts";
import type { Refused } from "../fleet/grant.ts";
import { REASON_TEXT } from "../routing/eligibility.ts";
import type { Failure } from "./classify.ts";
import { ENDPOINTS } from "./endpoints.ts";
import type { ParsedRequest } from "./parse-request.ts";
import { pullWords } from "./pull-words.ts";

/** A machine is usually back, or a place free, within seconds. */
const RETRY_AFTER_SECONDS = 5;
const RETRY_AFTER_PULL_SECONDS = 30;
const STATUS_BY_FAILURE: Partial<Record<Failure["kind"], number>> = { timeout: 504, draining: 503 };

export function refusalResponse(request: ParsedRequest, refused: Refused): Response {
	const response = errorResponse(request.dialect, refusalOf(request, refused));
	response.headers.set("x-request-id", request.id);
	return response;
}

/** The node's own words where it had some, else what happened to it. */
export function failureResponse(request: ParsedRequest, nodeId: string, failure: Failure): Response {
	const response = failure.relay
		? new Response(failure.relay.body, { status: failure.relay.status, headers: { "Content-Type": failure.relay.contentType } })
		: errorResponse(request.dialect, {
				status: STATUS_BY_FAILURE[failure.kind] ?? 502,
				message: `node "${nodeId}" could not serve model '${request.model}': ${failure.message}, and no other node can take the request`,
			});
	response.headers.set("x-request-id", request.id);
	return response;
}

function refusalOf(request: ParsedRequest, refused: Refused) {
	switch (refused.kind) {
		case "unknown-model":
			return { status: 404, message: unknownModel(request, refused) };
		case "no-node":
			if (isBlind(refused.reasons))
				return { status: 400, message: `model '${request.model}' cannot see images: ask one with the capability "vision"` };
			return { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS, message: noNode(request.model, refused.reasons) };
		case "queue-full":
			return {
				status: 503,
				retryAfterSeconds: RETRY_AFTER_SECONDS,
				message: `server busy, please try again.  maximum pending requests exceeded: ${refused.waiting} requests wait for a place already`,
			};
		case "timed-out":
			return {
				status: 503,
				retryAfterSeconds: RETRY_AFTER_SECONDS,
				message: `server busy, please try again: no node had a place for model '${request.model}' within ${Math.round(refused.waitedMs / 1000)} s`,
			};
		case "pull-failed":
			return { status: 502, message: `${notFound(request)}: ${refused.message}` };
		case "still-pulling":
			return { status: 503, retryAfterSeconds: retryAfter(refused.leftMs), message: stillPulling(request, refused) };
		case "cancelled":
			return { status: 499, message: "request canceled" };
	}
}

/** Ollama's exact sentence first: clients match on it. */
function unknownModel(request: ParsedRequest, refused: UnknownModel): string {
	return `${notFound(request)}: ${unknownModelHint(refused)}`;
}

function notFound({ path, model }: ParsedRequest): string {
	return ENDPOINTS[path]?.notFound(model) ?? `model '${model}' not found`;
}

function stillPulling(request: ParsedRequest, progress: PullProgress): string {
	return `${notFound(request)}: it is being pulled ${pullWords(progress)}; the pull goes on, please try again`;
}

/** Between what every client obeys; a guess where nothing is known. */
function retryAfter(leftMs: number | null): number {
	return leftMs === null ? RETRY_AFTER_PULL_SECONDS : Math.min(59, Math.max(2, Math.ceil(leftMs / 1000)));
}

type UnknownModel = Extract<Refused, { kind: "unknown-model" }>;

/** What the router adds to Ollama's sentence. */
export function unknownModelHint({ nearest, nodesTotal, notPulled }: UnknownModel): string {
	if (nodesTotal === 0) return "no machine has joined this fleet yet";
	const near = nearest.length > 0 ? `; installed and near: ${nearest.join(", ")}` : "";
	const unpulled = notPulled === undefined ? "" : `; not pulled: ${notPulled}`;
	return `none of the fleet's ${nodesTotal} nodes has it installed${near}${unpulled}`;
}

/** Every node with the model has a copy that can't see: no waiting would help. */
function isBlind(reasons: NoNode["reasons"]): boolean {
	const holders = Object.values(reasons).filter((against) => !against.includes("model-missing"));
	return holders.length > 0 && holders.every((against) => against.includes("capability-missing"));
}

type NoNode = Extract<Refused, { kind: "no-node" }>;

function noNode(model: string, reasons: NoNode["reasons"]): string {
	const each = Object.entries(reasons)
		.filter(([, against]) => !against.includes("model-missing"))
		.map(([nodeId, against]) => `${nodeId} ${against.map((reason) => REASON_TEXT[reason]).join(" and ")}`);
	return `model '${model}' is installed, but no node can serve it now: ${each.join("; ")}`;
}
