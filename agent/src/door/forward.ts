import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import { requestHeaders, responseHeaders } from "./headers.ts";
import { refuse } from "./refuse.ts";

/** Codes of a connection that stood and broke, or carried something other than HTTP. All others mean that none came about. */
const BROKEN_CONNECTION = /^(ECONNRESET|EPIPE|HPE_\w+)$/;

/** The Ollama behind the door and the connections kept open to it. */
export interface Upstream {
	url: URL;
	agent: http.Agent | https.Agent;
}

/** Ollama closes no idle connection of its own accord, so neither do we. */
export function openUpstream(ollamaUrl: string): Upstream {
	const url = new URL(ollamaUrl);
	const options = { keepAlive: true, noDelay: true };
	return { url, agent: url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options) };
}

export interface Course {
	/** What is to be done with the request to Ollama when its client left before anything came back; without it that is closed. */
	finish?: ((outgoing: http.ClientRequest) => Promise<void>) | undefined;
	/** Called once, when nothing of the request is left here. */
	onOver: () => void;
}

/** Passes one request on to Ollama and its answer back, byte for byte, both ways without collecting anything. */
export function forward(upstream: Upstream, request: IncomingMessage, response: ServerResponse, { finish, onOver }: Course): void {
	const outgoing = startRequest(upstream, request);
	outgoing.on("response", (answer) => {
		if (!response.destroyed) passBack(answer, response);
	});
	outgoing.on("error", (error: NodeJS.ErrnoException) => refuseFor(error, response));
	response.on("close", () => {
		request.unpipe(outgoing);
		request.resume();
		if (finish && !response.headersSent && outgoing.writableEnded && !outgoing.destroyed) return void finish(outgoing).then(onOver);
		// Closed before the answer was complete means that the client has gone: Ollama stops only when its own socket closes.
		// Ollama may also answer before it has read the body (a blob that exists already): that socket is not used again.
		if (!response.writableFinished || !outgoing.writableEnded) outgoing.destroy();
		onOver();
	});
	request.on("error", () => {
		if (!request.complete) outgoing.destroy();
	});
	request.pipe(outgoing);
}

function startRequest({ url, agent }: Upstream, request: IncomingMessage): http.ClientRequest {
	const port = url.port || (url.protocol === "https:" ? "443" : "80");
	const { request: send } = url.protocol === "https:" ? https : http;
	return send({
		agent,
		// A literal IPv6 host stands in brackets in a URL and without them in a socket's address.
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port,
		method: request.method,
		path: request.url,
		headers: requestHeaders(request.rawHeaders, port),
		setDefaultHeaders: false,
	});
}

function passBack(answer: IncomingMessage, response: ServerResponse): void {
	// Node would add these two of its own; only what Ollama sent may stand in the answer.
	response.removeHeader("connection");
	response.removeHeader("date");
	response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer.rawHeaders));
	// Node holds the headers back until the first chunk. That one usually came in the same read; when it did not, they go alone.
	setImmediate(() => {
		if (!response.destroyed) response.flushHeaders();
	});
	answer.on("error", () => breakOff(response));
	answer.pipe(response);
}

/** Ends the connection behind what was already passed on, and leaves the body unterminated, as a dying Ollama does. */
function breakOff(response: ServerResponse): void {
	const { socket } = response;
	if (socket === null) response.destroy();
	else socket.destroySoon();
}

function refuseFor(error: NodeJS.ErrnoException, response: ServerResponse): void {
	// Once the answer has begun its own end decides; once the client has left nobody listens.
	if (response.headersSent || response.destroyed) return;
	const reason = error.code ?? error.message;
	if (BROKEN_CONNECTION.test(reason)) refuse(response, 502, `Ollama closed the connection before it answered (${reason})`, "reset");
	else refuse(response, 502, `Ollama cannot be reached on this machine (${reason})`, "connect");
}
