/**
 * Lets a node word what is wrong with a request that no node could take: bad JSON, no model, an unknown name. Ollama's texts
 * differ by version and by route; a node's own answer is always the right one.
 */
import { goText } from "../protocol/go-text.ts";
import { forward, type Outgoing, type Target } from "./forward.ts";

/** A refusal takes Ollama milliseconds, however busy it is; beyond this the router uses its own words. */
const TIMEOUT_MS = 3_000;

export interface Worded {
	readonly nodeId: string;
	readonly upstream: Response;
	readonly abort: AbortController;
}

/** Undefined when no node is there to ask, or the one that was asked gave no answer. */
export async function askForWords(
	outgoing: Outgoing,
	{ node, send, signal }: { node: Target | undefined; send: typeof fetch; signal: AbortSignal },
): Promise<Worded | undefined> {
	if (!node) return undefined;
	const abort = new AbortController();
	const hangUp = () => abort.abort();
	signal.addEventListener("abort", hangUp, { once: true });
	const result = await forward(node, outgoing, { send, abort, firstByteTimeoutMs: TIMEOUT_MS });
	signal.removeEventListener("abort", hangUp);
	return result.kind === "answered" ? { nodeId: node.nodeId, upstream: result.response, abort } : undefined;
}

/** The node's sentence first, since clients match on it, then what the router knows. Left as it is when it can't be read. */
export async function withHint(upstream: Response, hint: string): Promise<Response> {
	const text = await upstream.text();
	const headers = new Headers(upstream.headers);
	headers.delete("content-length");
	return new Response(hinted(text, hint), { status: upstream.status, headers });
}

type ErrorBody = { error: string } | { error: { message: string } };

function hinted(text: string, hint: string): string {
	try {
		const body = JSON.parse(text) as ErrorBody;
		const error = typeof body.error === "string" ? `${body.error}: ${hint}` : { ...body.error, message: `${body.error.message}: ${hint}` };
		return goText({ ...body, error }) + (text.endsWith("\n") ? "\n" : "");
	} catch {
		return text;
	}
}
