/** One inference request from its first byte to its trace. Never throws: every way a request can end is an outcome. */
import { errorResponse, RouterError } from "../errors.ts";
import { log } from "../log.ts";
import { readBody } from "./body.ts";
import { dispatch } from "./dispatch.ts";
import { withEarlyBytes } from "./early/early.ts";
import type { KeptFailure } from "./early/kept-failures.ts";
import { askForWords } from "./own-words.ts";
import type { Dispatched, Ports } from "./ports.ts";
import { relayWords } from "./relay-words.ts";
import { type Incoming, type ParsedRequest, parseRequest } from "./parse-request.ts";
import { type Ending, toOutcome } from "./to-trace.ts";

export type Arrival = Omit<Incoming, "body" | "headers" | "secret">;

/** `maxBodyBytes` bounds the JSON body; `pathAndQuery` is what the node gets. */
export async function serve(
	arrival: Arrival,
	{ request, pathAndQuery, maxBodyBytes }: { request: Request; pathAndQuery: string; maxBodyBytes: number },
	ports: Ports,
): Promise<Dispatched> {
	const exchange = { request, pathAndQuery };
	let parsed = unread(arrival);
	try {
		const body = await readBody(request, maxBodyBytes);
		parsed = { ...parsed, body };
		const read = parseOrProblem({ ...arrival, headers: request.headers, body, secret: ports.secret });
		if (read instanceof RouterError) return await refuseInvalid(parsed, read, exchange, ports);
		return await place(read, exchange, ports);
	} catch (error) {
		return failed(parsed, error, request.signal, ports);
	}
}

/** A repeat of what has just failed is told why; all else goes to a node, and gets early bytes if that takes long. */
async function place(parsed: ParsedRequest, { request, pathAndQuery }: Exchange, ports: Ports): Promise<Dispatched> {
	const { headers, signal } = request;
	const { path, body, stream } = parsed;
	const failure = stream ? undefined : await ports.early.kept.find({ path, headers, body }, ports.secret, ports.now());
	if (failure) return repeated(parsed, failure, ports);
	const dispatched = dispatch(parsed, { headers, path: pathAndQuery, signal }, ports).catch((error: unknown) =>
		failed(parsed, error, signal, ports),
	);
	return withEarlyBytes(dispatched, { request: parsed, headers, signal }, ports);
}

interface Exchange {
	readonly request: Request;
	readonly pathAndQuery: string;
}

function failed(parsed: ParsedRequest, error: unknown, signal: AbortSignal, ports: Ports): Dispatched {
	if (signal.aborted) return ended(parsed, { kind: "client-gone", granted: undefined }, new Response(null, { status: 499 }), ports);
	if (error instanceof RouterError) return refused(parsed, error, ports);
	log("error", "Serving a request failed", { request_id: parsed.id, error: String(error) });
	const refusal = { status: 503, message: "the router could not serve the request just now, please try again", retryAfterSeconds: 2 };
	return ended(parsed, { kind: "broken", message: String(error) }, errorResponse(parsed.dialect, refusal), ports);
}

function repeated(parsed: ParsedRequest, { status, contentType, retryAfter, body }: KeptFailure, ports: Ports): Dispatched {
	const headers = new Headers({ "Content-Type": contentType, ...(retryAfter !== undefined && { "Retry-After": retryAfter }) });
	return ended(parsed, { kind: "repeated", status }, new Response(body, { status, headers }), ports);
}

function parseOrProblem(incoming: Incoming): ParsedRequest | RouterError {
	try {
		return parseRequest(incoming);
	} catch (error) {
		if (error instanceof RouterError) return error;
		throw error;
	}
}

/** Ollama's own words for a body it would not take, or ours when nobody is there to say them. */
async function refuseInvalid(
	parsed: ParsedRequest,
	problem: RouterError,
	{ request, pathAndQuery }: Exchange,
	ports: Ports,
): Promise<Dispatched> {
	const outgoing = { id: parsed.id, path: pathAndQuery, headers: request.headers, body: parsed.body };
	const node = await ports.fleet().someNode();
	const worded = await askForWords(outgoing, { node, send: ports.send, signal: request.signal });
	return worded ? relayWords(parsed, worded, request.signal, ports) : refused(parsed, problem, ports);
}

function refused(parsed: ParsedRequest, { refusal, message }: RouterError, ports: Ports): Dispatched {
	return ended(parsed, { kind: "invalid", message }, errorResponse(parsed.dialect, refusal), ports);
}

function ended(request: ParsedRequest, ending: Ending, response: Response, { now }: Ports): Dispatched {
	response.headers.set("x-request-id", request.id);
	return { response, settled: Promise.resolve(toOutcome(request, { attempts: [], failures: [], queueMs: 0, endedAt: now(), ending })) };
}

/** What is known of a request whose body could not be read. */
function unread({ id, path, endpoint, dialect, arrivedAt }: Arrival): ParsedRequest {
	const nothing = {
		decoded: undefined,
		text: "",
		numCtx: undefined,
		tiedToModel: false,
		model: "",
		fallbacks: [],
		promptTokens: 0,
		needsVision: false,
		requestClass: "interactive",
		tags: [],
		excluded: [],
		app: "",
		client: "",
		marks: [],
	} as const;
	return { id, path, dialect, arrivedAt, stream: endpoint.streamsByDefault, body: new Uint8Array(0), ...nothing };
}
