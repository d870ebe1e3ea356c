/** What is said when no node can be picked: a node's own sentence where one is there to say it, then what the router knows. */
import { withHint } from "../dispatch/own-words.ts";
import { unknownModelHint } from "../dispatch/refusal.ts";
import { errorResponse, type Refusal } from "../errors.ts";
import type { Whereabouts } from "../fleet/targets.ts";
import { type NodeReason, REASON_TEXT } from "../routing/eligibility.ts";
import { type Call, callNode } from "./call-node.ts";
import { answered, type ChoreDone, type ChorePorts, type Errand } from "./errand.ts";
import { readWhole } from "./read-whole.ts";
import { relayShort, relayToEnd, stamp } from "./relay.ts";

/** A refusal takes Ollama milliseconds, however busy it is; beyond this the router uses its own words. */
const WORDS_TIMEOUT_MS = 3_000;
/** A machine is usually back within seconds. */
const RETRY_AFTER_SECONDS = 5;

export interface Wording {
	readonly errand: Errand;
	readonly call: Call;
	/** Used when no node is there to say it. */
	readonly own: Refusal;
	/** Put behind a 404's sentence. */
	readonly hint?: string;
}

/** Lets some node answer a request that none is meant for. */
export async function inOwnWords({ errand, call, own, hint }: Wording, ports: ChorePorts): Promise<ChoreDone> {
	const node = await ports.fleet().someNode();
	const called = node && (await callNode(node, call, { ...ports, signal: errand.request.signal, timeoutMs: WORDS_TIMEOUT_MS }));
	const withOwnHint = hint === undefined ? own : { ...own, message: `${own.message}: ${hint}` };
	if (called?.kind !== "answered") return refused(errand, withOwnHint);
	const { status } = called.response;
	// What the node took after all may be the progress of something long
	if (status < 400) return relayToEnd(called, errand, ports);
	if (hint === undefined || status !== 404) return relayShort(called, errand, ports);
	const read = await readWhole(called, { signal: errand.request.signal, timeoutMs: WORDS_TIMEOUT_MS });
	if (read.kind === "failed") return refused(errand, withOwnHint);
	const headers = new Headers({ "Content-Type": read.contentType });
	stamp(headers, { "X-Request-Id": errand.id, "X-Fleet-Node": read.nodeId });
	return answered(new Response(withHint(new TextDecoder().decode(read.body), hint), { status, headers }));
}

/** No node that can be asked has the model: nobody has it, or those that have it are away. `sentence` is Ollama's for the first. */
export async function nobodyHas(
	model: string,
	where: Whereabouts,
	{ errand, call, sentence }: { errand: Errand; call: Call; sentence: string },
	ports: ChorePorts,
): Promise<ChoreDone> {
	if (Object.keys(where.unreachable).length > 0)
		return refused(errand, {
			status: 503,
			retryAfterSeconds: RETRY_AFTER_SECONDS,
			message: `model '${model}' is installed, but no node that has it can be asked now: ${reasonsText(where.unreachable)}`,
		});
	const hint = unknownModelHint({ kind: "unknown-model", model, ...where });
	return inOwnWords({ errand, call, hint, own: { status: 404, message: sentence } }, ports);
}

export function refused(errand: Errand, refusal: Refusal): ChoreDone {
	const response = errorResponse("ollama", refusal);
	response.headers.set("X-Request-Id", errand.id);
	return answered(response);
}

/** No node can take it now. */
export function noNode(errand: Errand, deed: string, reasons: string): ChoreDone {
	const why = reasons === "" ? "no machine has joined this fleet yet" : reasons;
	return refused(errand, { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS, message: `no node can ${deed} now: ${why}` });
}

/** The origin's sentence for a `node_id` that nobody answers to. */
export function absentNode(errand: Errand, nodeId: string): ChoreDone {
	return refused(errand, { status: 404, message: `Node '${nodeId}' not found or offline` });
}

export function reasonsText(reasons: Readonly<Record<string, readonly NodeReason[]>>): string {
	return reasonsTextBy(reasons, REASON_TEXT);
}

/** `a is offline; b is draining and its Ollama does not run`. */
export function reasonsTextBy<Reason extends string>(
	reasons: Readonly<Record<string, readonly Reason[]>>,
	texts: Readonly<Record<Reason, string>>,
): string {
	return Object.entries(reasons)
		.map(([nodeId, against]) => `${nodeId} ${against.map((reason) => texts[reason]).join(" and ")}`)
		.join("; ");
}
