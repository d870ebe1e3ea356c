/**
 * Lets a node word what is wrong with a request that no node could take: bad JSON, no model, an unknown name. Ollama's texts
 * differ by version and by route; a node's own answer is always the right one.
 */
import { goText } from "../protocol/go-text.ts";
import type { Failure } from "./classify.ts";
import type { Target } from "../fleet/targets.ts";
import { forward, type ForwardOptions, type Outgoing } from "./forward.ts";

/** A refusal takes Ollama milliseconds, however busy it is; beyond this the router uses its own words. */
const TIMEOUT_MS = 3_000;
/** Of the connection to the node, or no longer true once a hint is added. */
const OWN_FRAMING = ["content-length", "transfer-encoding", "connection"];

/** `refused`: read whole, for refusals are short. `served`: the node took what the router could not make out. */
export type Worded =
	| { kind: "refused"; nodeId: string; status: number; headers: Headers; text: string }
	| { kind: "served"; nodeId: string; upstream: Response; abort: AbortController };

/** Undefined when no node is there to ask, or the one that was asked gave no whole answer in time. */
export async function askForWords(
	outgoing: Outgoing,
	{ node, send, signal }: { node: Target | undefined; send: typeof fetch; signal: AbortSignal },
): Promise<Worded | undefined> {
	if (!node) return undefined;
	const abort = new AbortController();
	const hangUp = () => abort.abort();
	const timer = setTimeout(hangUp, TIMEOUT_MS);
	signal.addEventListener("abort", hangUp, { once: true });
	try {
		return await wordsOf(node, outgoing, { send, abort, firstByteTimeoutMs: TIMEOUT_MS });
	} catch {
		return undefined;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", hangUp);
	}
}

async function wordsOf(node: Target, outgoing: Outgoing, options: ForwardOptions): Promise<Worded | undefined> {
	const { nodeId } = node;
	const result = await forward(node, outgoing, options);
	if (result.kind === "failed") return result.failure.relay && { kind: "refused", nodeId, ...wholeOf(result.failure.relay) };
	const upstream = result.response;
	if (upstream.status < 400) return { kind: "served", nodeId, upstream, abort: options.abort };
	return { kind: "refused", nodeId, status: upstream.status, headers: withoutFraming(upstream.headers), text: await upstream.text() };
}

function wholeOf({ status, contentType, body }: NonNullable<Failure["relay"]>) {
	return { status, headers: new Headers({ "Content-Type": contentType }), text: body };
}

function withoutFraming(given: Headers): Headers {
	const headers = new Headers(given);
	for (const name of OWN_FRAMING) headers.delete(name);
	return headers;
}

type ErrorBody = { error: string } | { error: { message: string } };

/** The node's sentence first, since clients match on it, then what the router knows. Left as it is when it can't be read. */
export function withHint(text: string, hint: string): string {
	try {
		const body = JSON.parse(text) as ErrorBody;
		const error = typeof body.error === "string" ? `${body.error}: ${hint}` : { ...body.error, message: `${body.error.message}: ${hint}` };
		return goText({ ...body, error }) + (text.endsWith("\n") ? "\n" : "");
	} catch {
		return text;
	}
}
